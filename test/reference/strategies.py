"""Vectors for strategies that neither TorchJD nor LibMTL has: AdaTask and M-ConFIG.

AdaTask's step is that of one torch.optim.Adam a task, each on its own copy of the parameters, added up.
M-ConFIG is conflictfree.momentum_operator.PseudoMomentumOperator (the authors' package), in double precision.

    pip install torch conflictfree
    python -I test/reference/strategies.py > test/reference/strategies.json
"""

import json

import torch
from conflictfree.grad_operator import ConFIGOperator
from conflictfree.momentum_operator import PseudoMomentumOperator

torch.set_default_dtype(torch.float64)


def rounded(values):
    return [float(f"{value:.12g}") for value in values]


def matrices(seed, steps, tasks, width):
    generator = torch.Generator().manual_seed(seed)
    sizes = 10 ** torch.linspace(-2, 2, tasks)
    drawn = torch.randn(steps, tasks, width, generator=generator) * sizes[None, :, None]
    return torch.tensor([[rounded(row) for row in step] for step in drawn.tolist()])


def adatask(seed, tasks, width, betas, absent):
    grads = matrices(seed, 8, tasks, width)
    copies = [torch.zeros(width, requires_grad=True) for _ in range(tasks)]
    optimizers = [torch.optim.Adam([copy], lr=1.0, betas=betas, eps=1e-8) for copy in copies]
    steps = []
    for k, rows in enumerate(grads):
        present = [t for t in range(tasks) if (t + k) % tasks != 0] if absent else list(range(tasks))
        direction = torch.zeros(width)
        for t in present:
            before = copies[t].detach().clone()
            copies[t].grad = rows[t].clone()
            optimizers[t].step()
            direction += before - copies[t].detach()
        steps.append({"present": present, "matrix": rows.tolist(), "direction": rounded(direction.tolist())})
    return {"betas": betas, "steps": steps}


def m_config(seed, tasks, width, betas):
    grads = matrices(seed, 12, tasks, width)
    operator = PseudoMomentumOperator(tasks, *betas, gradient_operator=ConFIGOperator())
    steps = []
    for k, rows in enumerate(grads):
        direction = operator.calculate_gradient(k % tasks, rows[k % tasks])
        steps.append({"matrix": rows.tolist(), "direction": rounded(direction.tolist())})
    return {"betas": betas, "steps": steps}


print(
    json.dumps(
        {
            "torch": torch.__version__.split("+")[0],
            "adatask": [
                adatask(1, 3, 5, [0.9, 0.999], False),
                adatask(2, 2, 4, [0.5, 0.9], False),
                adatask(3, 3, 5, [0.9, 0.999], True),
            ],
            "m-config": [
                m_config(4, 2, 5, [0.9, 0.999]),
                m_config(5, 3, 6, [0.9, 0.999]),
                m_config(6, 4, 7, [0.8, 0.99]),
            ],
        }
    )
)
