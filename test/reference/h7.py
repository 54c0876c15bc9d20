"""Thirty training steps of small networks in PyTorch, in double precision: the vectors of oracle H7.

Optimizer x labels x strategy x one more thing (clipping, accumulation, batch normalization, dropout, a tree of blocks, a
task that reads another), so that every pair of values occurs. Dropout masks are those of src/numbers/random.ts: its keys
and its generator, written down again here.

    pip install torch
    python -I test/reference/h7.py        # writes test/golden/h7/vectors.json
"""
import hashlib
import itertools
import json
import random
import struct
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
OUT = Path(__file__).resolve().parent.parent / "golden" / "h7" / "vectors.json"
STEPS, BATCH, ROWS, WIDTH = 30, 6, 24, 4

OPTIMIZERS = {
    "sgd": (0.1, lambda groups, lr: torch.optim.SGD(groups, lr)),
    "momentum": (0.03, lambda groups, lr: torch.optim.SGD(groups, lr, momentum=0.9)),
    "nesterov": (0.03, lambda groups, lr: torch.optim.SGD(groups, lr, momentum=0.9, nesterov=True)),
    "adam": (0.01, lambda groups, lr: torch.optim.Adam(groups, lr)),
    "adamw": (0.01, lambda groups, lr: torch.optim.AdamW(groups, lr)),
    "rmsprop": (0.003, lambda groups, lr: torch.optim.RMSprop(groups, lr)),
    "adagrad": (0.05, lambda groups, lr: torch.optim.Adagrad(groups, lr)),
}
LABELS = ["full", "half", "absent"]
STRATEGIES = ["static", "uncertainty", "pcgrad", "cagrad", "famo", "nash-mtl"]
EXTRAS = ["plain", "clip", "accumulate", "batch-norm", "dropout", "tree", "task-on-task"]
CLIP = 0.25
DECAY = 0.1


# --- dropout masks, as src/numbers/random.ts and the dropout layer draw them ---
def rotl(x, k):
    return ((x << k) | (x >> (32 - k))) & 0xFFFFFFFF


def stream(key):
    text = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    s = list(struct.unpack("<4I", hashlib.sha256(text.encode()).digest()[:16]))
    while True:
        yield rotl((s[1] * 5) & 0xFFFFFFFF, 7) * 9 & 0xFFFFFFFF
        t = (s[1] << 9) & 0xFFFFFFFF
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)


def mask(step, shape):
    bits = stream([0, "dropout", "trunk/1", step])
    values = [2.0 if next(bits) >= 2**31 else 0.0 for _ in range(shape[0] * shape[1])]
    return torch.tensor(values).reshape(shape)


# --- data ---
def single(tensor):
    """Numbers that single precision has exactly."""
    return tensor.to(torch.float32).to(torch.float64)


x = single(torch.randn(ROWS, WIDTH))
value = single(torch.tanh(x[:, 0] - x[:, 1]) + 0.3 * torch.randn(ROWS))
kind = (x[:, 1] + x[:, 2] > 0.3).long() + (x[:, 3] > 0).long()


def labelled(labels):
    """Which rows have a value, and which a kind."""
    rows = range(ROWS)
    if labels == "half":
        return [r % 4 != 1 for r in rows], [r % 2 == 0 for r in rows]
    if labels == "absent":
        return [r < 18 for r in rows], [r < 12 or r >= 18 for r in rows]
    return [True] * ROWS, [True] * ROWS


def batch_rows(labels, index):
    if labels != "absent":
        return [(5 * index + 7 * i) % ROWS for i in range(BATCH)]
    first, size = {1: (12, 6), 2: (18, 6)}.get(index % 4, (0, 12))
    return [first + (5 * index + 7 * i) % size for i in range(BATCH)] if size == 12 else list(range(first, first + 6))


# --- models: parameters by the paths of the plan, kernels [in][out] ---
def dense(parameters, path, units_in, units_out):
    parameters[f"{path}/kernel"] = single(torch.randn(units_in, units_out) * units_in**-0.5)
    parameters[f"{path}/bias"] = single(torch.randn(units_out) * 0.1)


def initial(extra):
    parameters = {}
    dense(parameters, "trunk/0", WIDTH, 6)
    reads = {"value": 6, "kind": 6}
    if extra == "batch-norm":
        # A bias before batch normalization has no gradient but rounding.
        del parameters["trunk/0/bias"]
        parameters["trunk/1/gamma"] = single(1 + 0.1 * torch.randn(6))
        parameters["trunk/1/beta"] = single(0.1 * torch.randn(6))
    if extra == "tree":
        dense(parameters, "left/0", 6, 5)
        dense(parameters, "right/0", 6, 4)
        reads = {"value": 5, "kind": 4}
    if extra == "task-on-task":
        reads["kind"] = 7
    dense(parameters, "tasks/value/head", reads["value"], 1)
    dense(parameters, "tasks/kind/head", reads["kind"], 3)
    return parameters


class Model:
    def __init__(self, extra, start):
        self.extra = extra
        self.parameters = {path: values.clone().requires_grad_() for path, values in start.items()}
        self.moving_mean, self.moving_variance = torch.zeros(6), torch.ones(6)

    def layer(self, path, values):
        return values @ self.parameters[f"{path}/kernel"] + self.parameters.get(f"{path}/bias", 0)

    def forward(self, inputs, step, update=True):
        hidden = self.layer("trunk/0", inputs)
        if self.extra == "batch-norm":
            mean, variance = hidden.mean(0), hidden.var(0, unbiased=False)
            if update:
                self.moving_mean = 0.9 * self.moving_mean + 0.1 * mean.detach()
                self.moving_variance = 0.9 * self.moving_variance + 0.1 * hidden.var(0).detach()
            hidden = (hidden - mean) / (variance + 1e-5).sqrt()
            hidden = hidden * self.parameters["trunk/1/gamma"] + self.parameters["trunk/1/beta"]
        hidden = torch.tanh(hidden)
        if self.extra == "dropout":
            hidden = hidden * mask(step, hidden.shape)
        left = right = hidden
        if self.extra == "tree":
            left = torch.tanh(self.layer("left/0", hidden))
            right = torch.tanh(self.layer("right/0", hidden))
        a = self.layer("tasks/value/head", left)
        if self.extra == "task-on-task":
            right = torch.cat([right, a], 1)
        return a[:, 0], self.layer("tasks/kind/head", right)


def losses_of(model, batches, masks, step, update=True):
    """Means over the labelled rows of all batches; None where no row has a label."""
    sums, counts = [0.0, 0.0], [0, 0]
    for rows in batches:
        a, b = model.forward(x[rows], step, update)
        each = [(a - value[rows]) ** 2, torch.nn.functional.cross_entropy(b, kind[rows], reduction="none")]
        for t in range(2):
            here = torch.tensor([masks[t][row] for row in rows])
            sums[t] = sums[t] + each[t][here].sum()
            counts[t] += int(here.sum())
    return [sums[t] / counts[t] if counts[t] > 0 else None for t in range(2)]


def reached(extra, path):
    """Tasks whose loss a parameter reaches."""
    if path.startswith("trunk"):
        return (0, 1)
    if path.startswith("left") or path.startswith("tasks/value"):
        return (0, 1) if extra == "task-on-task" else (0,)
    return (1,)


# --- strategies on the shared parameters: rows of the tasks present, in order ---
def pcgrad(rows):
    result = torch.zeros_like(rows[0])
    for i, row in enumerate(rows):
        own = row.clone()
        for j, other in enumerate(rows):
            product = own @ other
            if i != j and product < 0:
                own = own - product / (other @ other) * other
        result += own
    return result, [1.0] * len(rows)


def cagrad(rows, c=0.4):
    jacobian = torch.stack(rows)
    gram = jacobian @ jacobian.T
    count = len(rows)
    mean = torch.full((count,), 1 / count)
    size = c * (mean @ gram @ mean).sqrt()
    low, high = 0.0, 1.0
    weights = lambda share: torch.tensor([share, 1 - share][:count]) if count == 2 else torch.ones(1)
    # The slope of g_w.g_0 + size |g_w| along the edge of the simplex rises; its root is found by halving.
    for _ in range(200):
        middle = (low + high) / 2
        w = weights(middle)
        slope = gram @ mean + size * (gram @ w) / (w @ gram @ w).sqrt()
        if count == 1 or slope[0] < slope[1]:
            low = middle
        else:
            high = middle
    w = weights((low + high) / 2)
    w = (mean + size / (w @ gram @ w).sqrt() * w) / (1 + c * c)
    return w @ jacobian, [1.0] * count


def nash(rows):
    norms = [row.norm() for row in rows]
    if len(rows) == 1:
        a = [1 / norms[0]]
    else:
        cosine = rows[0] @ rows[1] / norms[0] / norms[1]
        a = [1 / (norm * (1 + cosine).sqrt()) for norm in norms]
    combined = sum(weight * row for weight, row in zip(a, rows))
    clip = torch.clamp(1 / combined.norm(), max=1.0)
    return clip * combined, [clip * weight for weight in a]


class Adam:
    """One number a task, each with its own count (torch.optim.Adam on separate tensors)."""

    def __init__(self):
        self.logits = [torch.zeros(1, requires_grad=True) for _ in range(2)]
        self.optimizers = [torch.optim.Adam([logit], lr=0.025, weight_decay=1e-3) for logit in self.logits]

    def step(self, tasks, gradient):
        for t, slope in zip(tasks, gradient):
            self.logits[t].grad = slope.reshape(1).clone()
            self.optimizers[t].step()


def run(optimizer, labels, strategy, extra, start):
    model = Model(extra, start)
    masks = labelled(labels)
    rate, make = OPTIMIZERS[optimizer]
    kernels = [p for path, p in model.parameters.items() if path.endswith("kernel")]
    others = [p for path, p in model.parameters.items() if not path.endswith("kernel")]
    s = [torch.zeros(1, requires_grad=True) for _ in range(2)]
    decay = {"weight_decay": DECAY} if optimizer == "adamw" else {}
    plain = {"weight_decay": 0.0} if optimizer == "adamw" else {}
    main = make([{"params": kernels, **decay}, {"params": others + s, **plain}], rate)
    famo = Adam()
    spec_weights = [0.6, 0.4] if strategy in ("static", "uncertainty") else [1.0, 1.0]
    taken = 2 if extra == "accumulate" else 1
    path = []
    for step in range(STEPS):
        batches = [batch_rows(labels, taken * step + part) for part in range(taken)]
        losses = losses_of(model, batches, masks, step)
        present = [t for t in range(2) if losses[t] is not None]
        path.append([None if loss is None else loss.item() for loss in losses])
        main.zero_grad(set_to_none=True)
        names = list(model.parameters)
        tensors = [model.parameters[name] for name in names]
        grads = {
            t: dict(zip(names, torch.autograd.grad(losses[t], tensors, retain_graph=True, allow_unused=True)))
            for t in present
        }
        if strategy in ("pcgrad", "cagrad", "nash-mtl"):
            shared = [name for name in names if len(reached(extra, name)) == 2]
            zero = lambda t, name: grads[t][name] if grads[t][name] is not None else torch.zeros_like(model.parameters[name])
            rows = [torch.cat([zero(t, name).reshape(-1) for name in shared]) for t in present]
            direction, heads = {"pcgrad": pcgrad, "cagrad": cagrad, "nash-mtl": nash}[strategy](rows)
            offset = 0
            for name in shared:
                parameter = model.parameters[name]
                parameter.grad = direction[offset : offset + parameter.numel()].reshape(parameter.shape).clone()
                offset += parameter.numel()
            for factor, t in zip(heads, present):
                for name in names:
                    if reached(extra, name) == (t,):
                        model.parameters[name].grad = factor * grads[t][name]
        else:
            raw = [losses[t].detach() for t in present]
            if strategy == "static":
                weights = [spec_weights[t] for t in present]
            elif strategy == "uncertainty":
                weights = [spec_weights[t] * 0.5 * torch.exp(-s[t].detach()) for t in present]
                for t, loss in zip(present, raw):
                    s[t].grad = (0.5 - 0.5 * torch.exp(-s[t].detach()) * loss).reshape(1)
            else:
                z = torch.softmax(torch.stack([famo.logits[t].detach()[0] for t in present]), 0)
                share = z / (torch.stack(raw) + 1e-8)
                weights = list(share / share.sum())
            for name in names:
                used = [(w, grads[t][name]) for w, t in zip(weights, present) if grads[t][name] is not None]
                # A parameter that only absent tasks use keeps its slots; one whose task is present takes part.
                if used and any(t in reached(extra, name) for t in present):
                    model.parameters[name].grad = sum(w * g for w, g in used)
        if extra == "clip":
            torch.nn.utils.clip_grad_norm_(tensors, CLIP)
            # torch divides by norm + 1e-6; the plain rule is wanted.
            total = torch.stack([p.grad.norm() for p in tensors if p.grad is not None]).norm()
            if abs(total - CLIP) < 1e-4:
                for p in tensors:
                    if p.grad is not None:
                        p.grad *= CLIP / total
        main.step()
        if strategy == "famo":
            with torch.no_grad():
                after = losses_of(model, batches, masks, step, update=False)
            delta = torch.stack([torch.log(losses[t].detach() + 1e-8) - torch.log(after[t] + 1e-8) for t in present])
            z = torch.softmax(torch.stack([famo.logits[t].detach()[0] for t in present]), 0)
            famo.step(present, z * (delta - (z * delta).sum()))
    state = {"s": [v.item() for v in s]} if strategy == "uncertainty" else {}
    if strategy == "famo":
        state = {"logits": [v.item() for v in famo.logits]}
    after = {name: p.detach() for name, p in model.parameters.items()}
    if extra == "batch-norm":
        after["trunk/1/moving_mean"] = model.moving_mean
        after["trunk/1/moving_variance"] = model.moving_variance
    return path, after, state


def covering():
    """Combinations in which every pair of values of two factors occurs, greedily and always the same."""
    factors = [list(OPTIMIZERS), LABELS, STRATEGIES, EXTRAS]
    pairs = lambda row: {(i, row[i], j, row[j]) for i, j in itertools.combinations(range(4), 2)}
    left = set().union(*(pairs(row) for row in itertools.product(*factors)))
    draw = random.Random(7)
    rows = []
    while left:
        candidates = draw.sample(list(itertools.product(*factors)), 300)
        best = max(candidates, key=lambda row: len(pairs(row) & left))
        if pairs(best) & left:
            rows.append(best)
            left -= pairs(best)
    return rows


def rounded(value):
    if isinstance(value, torch.Tensor):
        return rounded(value.tolist())
    if isinstance(value, list):
        return [rounded(one) for one in value]
    return value if value is None else float(f"{value:.9g}")


starts = {extra: initial({"clip": "plain", "accumulate": "plain", "dropout": "plain"}.get(extra, extra)) for extra in EXTRAS}
cases = []
for row in covering():
    path, after, state = run(*row, starts[row[3]])
    # Losses at the start, on the way, and at the end.
    cases.append({"case": list(row), "losses": rounded([path[k] for k in (0, 1, 2, 9, 19, 29)]), "after": {k: rounded(v.reshape(-1)) for k, v in after.items()}, "state": rounded(list(state.values())[0]) if state else None})
OUT.parent.mkdir(parents=True, exist_ok=True)
content = {
    "torch": torch.__version__.split("+")[0],
    "learningRates": {name: rate for name, (rate, _) in OPTIMIZERS.items()},
    "clip": CLIP,
    "decay": DECAY,
    "x": x.tolist(),
    "value": value.tolist(),
    "kind": kind.tolist(),
    "labelled": {labels: labelled(labels) for labels in LABELS},
    "batches": {labels: [batch_rows(labels, index) for index in range(2 * STEPS)] for labels in LABELS},
    "starts": {extra: {k: v.reshape(-1).tolist() for k, v in start.items()} for extra, start in starts.items()},
    "steps": [0, 1, 2, 9, 19, 29],
    "cases": cases,
}
OUT.write_text(json.dumps(content) + "\n")
print(len(cases), "cases")
