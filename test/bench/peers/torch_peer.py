"""PyTorch's side of the benchmark: the workloads as one writes them in PyTorch, with the data in memory as tensors and
every step on another batch of it. Requests and answers: one JSON object a line (protocol.ts)."""
import json
import pathlib
import sys
import time

import numpy
import torch
from torch import nn

LOSS_WEIGHTS = (0.5, 0.3, 0.2)
HEADS = (10, 1, 4)


class Hard(nn.Module):
    """One trunk, three heads."""

    def __init__(self, trunk, width):
        super().__init__()
        self.trunk = trunk
        self.heads = nn.ModuleList(nn.Linear(width, n) for n in HEADS)

    def shared(self):
        return list(self.trunk.parameters())

    def forward(self, x):
        features = self.trunk(x)
        return [head(features) for head in self.heads]


class Experts(nn.Module):
    """MMoE (Ma et al. 2018): a gate a task over experts that all share."""

    def __init__(self, experts=4, inputs=64, width=128, tower=32):
        super().__init__()
        self.experts = nn.ModuleList(nn.Sequential(nn.Linear(inputs, width), nn.ReLU()) for _ in range(experts))
        self.gates = nn.ModuleList(nn.Linear(inputs, experts) for _ in HEADS)
        self.towers = nn.ModuleList(nn.Sequential(nn.Linear(width, tower), nn.ReLU(), nn.Linear(tower, n)) for n in HEADS)

    def shared(self):
        return list(self.experts.parameters())

    def forward(self, x):
        experts = torch.stack([expert(x) for expert in self.experts])
        gates = (torch.softmax(gate(x), dim=-1) for gate in self.gates)
        return [tower(torch.einsum("ebf,be->bf", experts, gate)) for tower, gate in zip(self.towers, gates)]


def build(workload):
    if workload == "mlp":
        return Hard(nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU()), 128)
    if workload == "cnn":
        return Hard(nn.Sequential(nn.Conv2d(1, 10, 3), nn.ReLU(), nn.Flatten(), nn.Linear(6760, 50), nn.ReLU()), 50)
    if workload == "cnn64":
        layers = [nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        layers += [nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16384, 64), nn.ReLU()]
        return Hard(nn.Sequential(*layers), 64)
    return Experts()


def places(workload):
    """Path of each of the workbench's weights -> the name of PyTorch's, and the channels x height x width that a dense
    layer flattens."""
    if workload == "mmoe":
        names = {f"trunk/experts/{e}/0": (f"experts.{e}.0", None) for e in range(4)}
        for t, task in enumerate(("kind", "value", "corners")):
            names[f"trunk/gates/task:{task}/0"] = (f"gates.{t}", None)
            names[f"tasks/{task}/0"] = (f"towers.{t}.0", None)
            names[f"tasks/{task}/head"] = (f"towers.{t}.2", None)
        return names
    body = {
        "mlp": {"trunk/0": ("trunk.0", None), "trunk/1": ("trunk.2", None)},
        "cnn": {"trunk/0": ("trunk.0", None), "trunk/2": ("trunk.3", (10, 26, 26))},
        "cnn64": {
            "trunk/0": ("trunk.0", None),
            "trunk/2": ("trunk.3", None),
            "trunk/5": ("trunk.7", (64, 16, 16)),
        },
    }[workload]
    heads = {f"tasks/{task}/head": (f"heads.{t}", None) for t, task in enumerate(("kind", "value", "corners"))}
    return {**body, **heads}


def translated(values, flattened):
    """TensorFlow's layout of a kernel -> PyTorch's."""
    if values.ndim == 4:
        return values.transpose(3, 2, 0, 1)
    if values.ndim == 2 and flattened:
        channels, height, width = flattened
        return values.reshape(height, width, channels, -1).transpose(3, 2, 0, 1).reshape(values.shape[1], -1)
    return values.T if values.ndim == 2 else values


def read(folder, name, shape):
    return numpy.fromfile(folder / name, dtype="<f4").reshape(shape)


class Trial:
    def __init__(self, request):
        folder = pathlib.Path(request["folder"])
        about = json.loads((folder / "exported.json").read_text())
        samples, batch = about["samples"], request["batch"]
        x = read(folder, "inputs.f32", [samples, *about["shape"]])
        self.x = torch.from_numpy(numpy.ascontiguousarray(x.transpose(0, 3, 1, 2) if x.ndim == 4 else x))
        kind, value, corners = (read(folder, f"target-{t['name']}.f32", [samples, t["width"]]) for t in about["targets"])
        self.targets = [torch.from_numpy(kind[:, 0].astype(numpy.int64)), torch.from_numpy(value), torch.from_numpy(corners)]
        order = numpy.fromfile(folder / "order.i32", dtype="<i4").astype(numpy.int64)
        self.batches = [torch.from_numpy(order[i : i + batch].copy()) for i in range(0, samples - batch + 1, batch)]
        self.model = build(request["workload"])
        self.load(folder, about, request["workload"])
        self.compiled = request["variant"] == "compile"
        self.network = torch.compile(self.model) if self.compiled else self.model
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, eps=1e-7, fused=request["variant"] != "eager")
        self.step = self.static if request["strategy"] == "static" else self.imtl_g
        self.weights = LOSS_WEIGHTS if request["strategy"] == "static" else (1.0, 1.0, 1.0)
        self.count = 0

    def load(self, folder, about, workload):
        names = places(workload)
        state = self.model.state_dict()
        for index, weight in enumerate(about["weights"]):
            place, _, kind = weight["path"].rpartition("/")
            name, flattened = names.pop(place) if kind == "bias" else names[place]
            values = translated(read(folder, f"weight-{index}.f32", weight["shape"]), flattened)
            target = state.pop(f"{name}.{'weight' if kind == 'kernel' else 'bias'}")
            with torch.no_grad():
                target.copy_(torch.from_numpy(numpy.ascontiguousarray(values)).reshape(target.shape))
        if state or names:
            raise ValueError(f"weights without a partner: {sorted(state)} {sorted(names)}")

    def losses(self):
        """Gathers the next batch and runs forward."""
        index = self.batches[self.count % len(self.batches)]
        self.count += 1
        kind, value, corners = self.network(self.x[index])
        targets = [target[index] for target in self.targets]
        return [
            nn.functional.cross_entropy(kind, targets[0]),
            nn.functional.mse_loss(value, targets[1]),
            nn.functional.mse_loss(corners, targets[2]),
        ]

    def static(self):
        self.optimizer.zero_grad(set_to_none=True)
        losses = self.losses()
        sum(weight * loss for weight, loss in zip(self.weights, losses)).backward()
        self.optimizer.step()
        return torch.stack([loss.detach() for loss in losses]).tolist()

    def imtl_g(self):
        """IMTL-G (Liu et al. 2021) by the Gram matrix; the heads take their own gradients."""
        self.optimizer.zero_grad(set_to_none=True)
        losses = self.losses()
        shared = self.model.shared()
        own = [p for p in self.model.parameters() if all(p is not s for s in shared)]
        rows = []
        for index, loss in enumerate(losses):
            grads = torch.autograd.grad(loss, shared + own, retain_graph=index + 1 < len(losses), allow_unused=True)
            rows.append(torch.cat([g.reshape(-1) for g in grads[: len(shared)]]))
            for parameter, gradient in zip(own, grads[len(shared) :]):
                if gradient is not None:
                    parameter.grad = gradient
        rows = torch.stack(rows)
        gram = (rows @ rows.T).to(torch.float64).numpy()
        norms = numpy.sqrt(numpy.diag(gram))
        unit = gram / norms  # unit[i, k] = g_i . u_k
        # (g_1 - g_j) . (u_1 - u_k), and g_1 . (u_1 - u_k)
        difference = unit[0] - unit[1:]
        left = difference[:, :1] - difference[:, 1:]
        right = unit[0, 0] - unit[0, 1:]
        alpha = numpy.linalg.solve(left.T, right)
        weights = torch.from_numpy(numpy.concatenate([[1 - alpha.sum()], alpha]).astype(numpy.float32))
        direction = weights @ rows
        start = 0
        for parameter in shared:
            end = start + parameter.numel()
            parameter.grad = direction[start:end].view_as(parameter)
            start = end
        self.optimizer.step()
        return torch.stack([loss.detach() for loss in losses]).tolist()


def timed(trial, milliseconds):
    times = []
    end = time.perf_counter() + milliseconds / 1000
    while True:
        start = time.perf_counter()
        trial.step()
        now = time.perf_counter()
        times.append((now - start) * 1000)
        if now >= end:
            return times


def handle(request, trials):
    what = request["do"]
    if what == "load":
        trials[request["variant"]] = Trial(request)
        return {"about": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"}
    if what == "losses":
        trial = trials[request["variant"]]
        return {"losses": [trial.step() for _ in range(request["steps"])]}
    if what == "time":
        return {"times": timed(trials[request["variant"]], request["milliseconds"])}
    trials.clear()
    return {}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    trials = {}
    print(json.dumps({"ok": True}), flush=True)
    for line in sys.stdin:
        try:
            print(json.dumps({"ok": True, **handle(json.loads(line), trials)}), flush=True)
        except Exception as error:  # a reason for the table, not the end of the benchmark
            print(json.dumps({"ok": False, "reason": f"{type(error).__name__}: {error}"[:300]}), flush=True)


main()
