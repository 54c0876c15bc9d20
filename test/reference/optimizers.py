"""Reference values for optimizers, schedules and batch normalization: PyTorch in double precision.

    pip install torch
    python -I test/reference/optimizers.py     # writes test/golden/vectors/{optimizers,schedules,batch-normalization}.json
"""
import json
from pathlib import Path

import numpy as np
import torch

OUT = Path(__file__).resolve().parent.parent / "golden" / "vectors"
torch.set_default_dtype(torch.float64)
STEPS = 30


def optimizers():
    r = np.random.default_rng(30)
    start = r.normal(0, 1, 5)
    gradients = r.normal(0, 1, (STEPS, 5)) * np.array([1, 1e-3, 10, 1, 1]) + np.array([0, 0, 1, 0.5, 0])
    gradients[:, 4] = 0
    kinds = [
        ("sgd", {}, lambda p, lr: torch.optim.SGD(p, lr)),
        ("momentum", dict(momentum=0.9), lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9)),
        ("nesterov", dict(momentum=0.8), lambda p, lr: torch.optim.SGD(p, lr, momentum=0.8, nesterov=True)),
        ("adam", {}, lambda p, lr: torch.optim.Adam(p, lr)),
        ("adam", dict(beta1=0.8, beta2=0.95, epsilon=1e-3), lambda p, lr: torch.optim.Adam(p, lr, betas=(0.8, 0.95), eps=1e-3)),
        ("adamw", dict(weightDecay=0.1), lambda p, lr: torch.optim.AdamW(p, lr, weight_decay=0.1)),
        ("adamax", {}, lambda p, lr: torch.optim.Adamax(p, lr)),
        ("adagrad", {}, lambda p, lr: torch.optim.Adagrad(p, lr)),
        ("adadelta", {}, lambda p, lr: torch.optim.Adadelta(p, lr)),
        ("rmsprop", {}, lambda p, lr: torch.optim.RMSprop(p, lr)),
        ("rmsprop", dict(momentum=0.9), lambda p, lr: torch.optim.RMSprop(p, lr, momentum=0.9)),
        ("rmsprop", dict(centered=True, decay=0.9), lambda p, lr: torch.optim.RMSprop(p, lr, alpha=0.9, centered=True)),
    ]
    cases = []
    for name, constants, make in kinds:
        weight = torch.tensor(start, requires_grad=True)
        optimizer = make([weight], 0.05)
        path = []
        for step in range(STEPS):
            # The rate changes half way: momentum methods differ in how they take that.
            optimizer.param_groups[0]["lr"] = 0.05 if step < STEPS / 2 else 0.02
            weight.grad = torch.tensor(gradients[step])
            optimizer.step()
            path.append(weight.detach().tolist())
        cases.append(dict(name=name, constants=constants, path=path))
    return dict(start=start.tolist(), gradients=gradients.tolist(), rates=[0.05 if s < STEPS / 2 else 0.02 for s in range(STEPS)], cases=cases)


def schedules():
    total, per_epoch = 40, 5

    def rates(make, by_epoch=False):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
        schedule = make(optimizer)
        out = []
        for step in range(total):
            out.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if not by_epoch or (step + 1) % per_epoch == 0:
                schedule.step()
        return out

    lr = torch.optim.lr_scheduler
    cases = [
        dict(schedule=dict(name="constant"), rates=[1.0] * total),
        dict(schedule=dict(name="step", every=3, factor=0.1), rates=rates(lambda o: lr.StepLR(o, 3, 0.1), True)),
        dict(schedule=dict(name="exponential", factor=0.9), rates=rates(lambda o: lr.ExponentialLR(o, 0.9), True)),
        dict(schedule=dict(name="cosine", minimum=0.1), rates=rates(lambda o: lr.CosineAnnealingLR(o, total, eta_min=0.1))),
        dict(schedule=dict(name="polynomial", power=2, minimum=0), rates=rates(lambda o: lr.PolynomialLR(o, total, 2.0))),
        dict(schedule={"name": "one-cycle", "warmup": 0.3, "startDivisor": 25, "endDivisor": 10000},
             rates=one_cycle(total)),
    ]
    values = [5, 4, 4, 4.05, 3.99995, 4, 4, 3, 3, 3, 3, 3, 3, None, 2.9, 2.9, 2.9, 2.9, 2.9, 2.9]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    plateau = lr.ReduceLROnPlateau(optimizer, factor=0.5, patience=2, threshold=1e-3, threshold_mode="abs", min_lr=0.1)
    seen = []
    for value in values:
        plateau.step(float("inf") if value is None else value)
        seen.append(optimizer.param_groups[0]["lr"])
    return dict(totalSteps=total, stepsPerEpoch=per_epoch, cases=cases,
                plateau=dict(schedule=dict(name="plateau", factor=0.5, patience=2, minDelta=1e-3, minimum=0.1), values=values, factors=seen))


def one_cycle(total):
    """Stepped total − 1 times: torch refuses the step after the last."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 1.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, total_steps=total, cycle_momentum=False, pct_start=0.3, div_factor=25, final_div_factor=1e4)
    out = [optimizer.param_groups[0]["lr"]]
    for _ in range(total - 1):
        optimizer.step()
        schedule.step()
        out.append(optimizer.param_groups[0]["lr"])
    return out


def batch_normalization():
    r = np.random.default_rng(31)
    x = r.normal(1, 2, (6, 3, 2, 4))
    dy = r.normal(0, 1, (6, 3, 2, 4))
    layer = torch.nn.BatchNorm2d(4)
    gamma, beta = r.normal(1, 0.3, 4), r.normal(0, 0.3, 4)
    layer.weight.data, layer.bias.data = torch.tensor(gamma), torch.tensor(beta)
    t = torch.tensor(x, requires_grad=True)
    y = layer(t.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    y.backward(torch.tensor(dy))
    layer.eval()
    later = layer(torch.tensor(x).permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return dict(x=x.tolist(), dy=dy.tolist(), gamma=gamma.tolist(), beta=beta.tolist(), y=y.detach().tolist(), dx=t.grad.tolist(),
                dgamma=layer.weight.grad.tolist(), dbeta=layer.bias.grad.tolist(), mean=layer.running_mean.tolist(),
                variance=layer.running_var.tolist(), evaluated=later.detach().tolist())


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, make in (("optimizers", optimizers), ("schedules", schedules), ("batch-normalization", batch_normalization)):
        (OUT / f"{name}.json").write_text(json.dumps(dict(made_by="test/reference/optimizers.py", torch=torch.__version__.split("+")[0], **make())) + "\n")
