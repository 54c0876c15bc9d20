"""Reference training: 30 steps of a small multi-task network in PyTorch, double precision.

    pip install torch torchvision
    python -I test/reference/training.py    # writes test/golden/vectors/training.json

conv 3x3x4 relu - batch norm - max pooling - flatten - dense 6 tanh; heads: 3 classes, 2 numbers, a box (giou).
Labels are partly missing and the box task is absent from every third batch; Adam, l2 on kernels, global clipping.
"""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchvision.ops as ops

OUT = Path(__file__).resolve().parent.parent / "golden" / "vectors"
torch.set_default_dtype(torch.float64)
STEPS, BATCH, L2, CLIP, RATE = 30, 8, 0.001, 1.0, 0.01
WEIGHTS = dict(分类=0.5, 回归=0.3, 检测=0.2)

r = np.random.default_rng(40)
torch.manual_seed(0)
conv, norm = torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4)
# The last layer sees [2, 2, 4] flattened channels last, as tf.layers does.
dense = torch.nn.Linear(16, 6)
heads = {name: torch.nn.Linear(6, units) for name, units in (("分类", 3), ("回归", 2), ("检测", 4))}
modules = [conv, norm, dense, *heads.values()]


def forward(x):
    h = F.max_pool2d(norm(F.relu(conv(x.permute(0, 3, 1, 2)))), 2).permute(0, 2, 3, 1).flatten(1)
    h = torch.tanh(dense(h))
    return {name: head(h) for name, head in heads.items()}


def parameters():
    named = {"特征/0/kernel": conv.weight.permute(2, 3, 1, 0), "特征/0/bias": conv.bias, "特征/1/gamma": norm.weight, "特征/1/beta": norm.bias,
             "特征/1/moving_mean": norm.running_mean, "特征/1/moving_variance": norm.running_var, "特征/4/kernel": dense.weight.T, "特征/4/bias": dense.bias}
    for name, head in heads.items():
        named |= {f"tasks/{name}/head/kernel": head.weight.T, f"tasks/{name}/head/bias": head.bias}
    return {path: value.detach().numpy().copy().flatten().tolist() for path, value in named.items()}


def corners(raw):
    c = torch.sigmoid(raw)
    return torch.cat([c[:, :2] - c[:, 2:] / 2, c[:, :2] + c[:, 2:] / 2], 1)


def losses(raw, batch):
    rows = dict(分类=F.cross_entropy(raw["分类"], batch["分类"]["target"][:, 0].long(), reduction="none"),
                回归=((raw["回归"] - batch["回归"]["target"]) ** 2).mean(1),
                检测=ops.generalized_box_iou_loss(corners(raw["检测"]), batch["检测"]["target"]))
    return {n: (rows[n] * batch[n]["weight"]).sum() / batch[n]["weight"].sum() if batch[n]["weight"].sum() > 0 else None for n in WEIGHTS}


start = parameters()
trained = [p for m in modules for p in m.parameters()]
kernels = [conv.weight, dense.weight, *[h.weight for h in heads.values()]]
optimizer = torch.optim.Adam(trained, RATE)
batches, steps = [], []
for step in range(STEPS):
    x = r.normal(0, 1, (BATCH, 6, 6, 1))
    low, size = r.uniform(0.05, 0.5, (BATCH, 2)), r.uniform(0.1, 0.45, (BATCH, 2))
    targets = dict(分类=r.integers(0, 3, (BATCH, 1)).astype(float), 回归=r.normal(0, 1, (BATCH, 2)), 检测=np.hstack([low, low + size]))
    labelled = {name: (r.random(BATCH) < 0.6).astype(float) for name in WEIGHTS}
    for name in WEIGHTS:
        labelled[name][0] = 1.0
    if step % 3 == 2:
        labelled["检测"][:] = 0
    batches.append(dict(x=x.round(4).tolist(), targets={n: dict(target=t.round(4).tolist(), weight=labelled[n].tolist()) for n, t in targets.items()}))
    batch = {n: {k: torch.tensor(v) for k, v in t.items()} for n, t in batches[-1]["targets"].items()}
    optimizer.zero_grad(set_to_none=True)
    values = losses(forward(torch.tensor(batches[-1]["x"])), batch)
    sum(WEIGHTS[n] * v for n, v in values.items() if v is not None).backward()
    present = [p for p in trained if p.grad is not None]
    for p in kernels:
        if p.grad is not None:
            p.grad += 2 * L2 * p.detach()
    norm_before = torch.sqrt(sum((p.grad**2).sum() for p in present)).item()
    for p in present:
        p.grad *= min(1.0, CLIP / norm_before)
    optimizer.step()
    steps.append(dict(losses={n: None if v is None else v.item() for n, v in values.items()}, norm=norm_before))

OUT.mkdir(parents=True, exist_ok=True)
settings = dict(l2=L2, clipNorm=CLIP, learningRate=RATE, weights=WEIGHTS)
(OUT / "training.json").write_text(json.dumps(dict(made_by="test/reference/training.py", torch=torch.__version__.split("+")[0], settings=settings,
                                                   start=start, batches=batches, steps=steps, end=parameters()), ensure_ascii=False) + "\n")
