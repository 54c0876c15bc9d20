"""More reference vectors of TorchJD 0.18, in the format of test/golden/reference: other seeds, sizes and parameters.

    pip install torch "torchjd[cagrad,quadprog_projector]==0.18.0"
    python -I test/reference/torchjd.py FOLDER [SEEDS]
    npm run golden -- FOLDER

The committed ones (test/golden/torchjd) are those of one seed.
"""
import gzip
import json
import sys
from pathlib import Path

import torch
from torchjd import aggregation as agg
from torchjd import scalarization as scal

torch.set_default_dtype(torch.float64)
OUT = Path(sys.argv[1])
SEEDS = int(sys.argv[2]) if len(sys.argv) > 2 else 1


def listed(tensor):
    return [float(f"{v:.15g}") for v in tensor] if tensor.ndim == 1 else [listed(row) for row in tensor]


def rounded(matrix):
    return torch.tensor([[float(f"{v:.12g}") for v in row] for row in matrix.tolist()])


def matrices(seed):
    g = torch.Generator().manual_seed(seed)
    draw = lambda t, d: torch.randn(t, d, generator=g)
    base = draw(4, 7)
    yield "gauss_2x5", draw(2, 5)
    yield "gauss_4x12", draw(4, 12)
    yield "gauss_10x40", draw(10, 40)
    yield "gauss_20x60", draw(20, 60)
    yield "positive_5x9", draw(5, 9).abs()
    yield "conflict_3x9", torch.cat([base[:1, :].repeat(1, 2)[:, :9], -0.8 * base[:1, :].repeat(1, 2)[:, :9] + 0.6 * draw(2, 9)])
    yield "parallel_4x8", draw(1, 8) + 1e-2 * draw(4, 8)
    yield "zero_row_5x7", torch.cat([draw(2, 7), torch.zeros(1, 7), draw(2, 7)])
    yield "duplicates_4x7", torch.stack([base[0], base[1], base[0], base[2]])
    yield "scaled_3x8", draw(3, 8) * torch.tensor([[1e-1], [1.0], [1e1]])
    yield "large_3x8", 1e4 * draw(3, 8)
    yield "small_3x8", 3e-1 * draw(3, 8)
    yield "single_1x6", draw(1, 6)


def weights_of(aggregator, matrix):
    found = []
    hook = getattr(aggregator, "weighting", None) or getattr(aggregator, "gramian_weighting", None)
    handle = hook.register_forward_hook(lambda _, __, out: found.append(out)) if hook is not None else None
    direction = aggregator(matrix)
    if handle is not None:
        handle.remove()
    return (listed(found[-1].detach()) if found else None), direction.detach()


def preferences(t):
    return {"none": None, "vector": (torch.arange(1, t + 1).double() / t)}


def singles(seed):
    for name, raw in matrices(seed):
        m = rounded(raw)
        t = len(m)
        plain = {
            "Mean": [({}, agg.Mean)], "Sum": [({}, agg.Sum)], "IMTLG": [({}, agg.IMTLG)], "MGDA": [({}, agg.MGDA)],
            "CAGrad": [({"c": c}, agg.CAGrad) for c in (0.2, 0.5, 1.0)],
            "FairGrad": [({"alpha": a}, agg.FairGrad) for a in (0.5, 1.0, 2.0)],
            # With one neighbour mutual nearest rows tie.
            "Krum": [({"n_byzantine": b, "n_selected": s}, agg.Krum) for b, s in ((0, 1), (0, 3), (1, 2)) if t >= b + 4 and t >= s],
            "TrimmedMean": [({"trim_number": k}, agg.TrimmedMean) for k in (0, 1, 2) if t > 2 * k],
            "PCD": [({"tau": tau, "beta": 0.999, "eps": 1e-8}, agg.PCD) for tau in (0.0, 0.1)],
        }
        if t <= 2:
            # One other task: there is no order to draw.
            orders = [list(range(t)) for _ in range(t)]
            plain["PCGrad"] = [({}, agg.PCGrad)]
        for method, variants in plain.items():
            for params, make in variants:
                if method in ("MGDA", "CAGrad", "FairGrad") and (name.startswith(("zero", "dup", "scaled", "gauss_20")) or t == 1):
                    continue
                if method in ("IMTLG",) and name.startswith("dup"):
                    continue
                weights, direction = weights_of(make(**params), m)
                yield method, {"id": f"{method}/{seed}/{name}/{params}", "params": params, "matrix": listed(m), "weights": weights,
                    "direction": listed(direction), **({"draw": {"permutations": orders}} if method == "PCGrad" else {})}
        for kind, vector in preferences(t).items():
            given = {} if vector is None else {"pref_vector": listed(vector)}
            makers = {"UPGrad": agg.UPGrad, "DualProj": agg.DualProj, "ConFIG": agg.ConFIG}
            for mode in ("min", "median", "rmse"):
                if name.startswith(("dup", "zero")) and mode != "rmse":
                    continue
                weights, direction = weights_of(agg.AlignedMTL(vector, scale_mode=mode), m)
                yield "AlignedMTL", {"id": f"AlignedMTL/{seed}/{name}/{kind}/{mode}", "params": {"scale_mode": mode, **given}, "matrix": listed(m), "weights": weights, "direction": listed(direction)}
            for method, make in makers.items():
                weights, direction = weights_of(make(vector), m)
                # What ConFIG weighs with are preferences, not rows.
                weights = None if method == "ConFIG" else weights
                yield method, {"id": f"{method}/{seed}/{name}/{kind}", "params": given, "matrix": listed(m), "weights": weights, "direction": listed(direction)}
        g = torch.Generator().manual_seed(seed + 1)
        for leak in (None, torch.rand(t, generator=g)):
            u = torch.rand(m.shape[1], generator=g)
            p = 0.5 * (1 + m.sum(0) / m.abs().sum(0))
            inner = torch.zeros(t) if leak is None else leak
            parts = ((p > u) & (m > 0)) | ((p < u) & (m < 0))
            direction = (inner[:, None] * m + (1 - inner[:, None]) * parts * m).sum(0)
            yield "GradDrop", {"id": f"GradDrop/{seed}/{name}/{leak is not None}", "params": {"f": "identity", "leak": None if leak is None else listed(leak)},
                "matrix": listed(m), "weights": None, "direction": listed(direction), "draw": {"U": listed(u)}}


def sequence(seed, t, d, steps=6):
    g = torch.Generator().manual_seed(seed)
    return [rounded(torch.randn(t, d, generator=g)) for _ in range(steps)]


def sequences(seed):
    for t, d in ((2, 6), (4, 9), (7, 15)):
        ms = sequence(seed + t, t, d)
        for rate, warm in ((1.0, 0), (0.1, 2), (0.5, 1)):
            a = agg.ExcessMTL(robust_step_size=rate, n_warmup_steps=warm)
            steps = []
            for m in ms:
                weights, direction = weights_of(a, m)
                steps.append({"matrix": listed(m), "weights": weights, "direction": listed(direction)})
            yield "ExcessMTL", {"id": f"ExcessMTL/{seed}/{t}/{rate},{warm}", "params": {"robust_step_size": rate, "n_warmup_steps": warm}, "steps": steps}
        for tau, beta in ((0.02, 0.9), (0.5, 0.999)):
            a = agg.PCD(tau=tau, beta=beta)
            steps = []
            for m in ms:
                weights, direction = weights_of(a, m)
                steps.append({"matrix": listed(m), "weights": weights, "direction": listed(direction)})
            yield "PCD", {"id": f"PCD/{seed}/{t}/{tau},{beta}", "params": {"tau": tau, "beta": beta, "eps": 1e-8}, "steps": steps}
        for inner, make in (("UPGrad", agg.UPGradWeighting), ("DualProj", agg.DualProjWeighting), ("AlignedMTL", agg.AlignedMTLWeighting), ("IMTLG", agg.IMTLGWeighting), ("Mean", agg.MeanWeighting)):
            for alpha, start in ((0.9, None), (0.3, torch.ones(t) / 3)):
                w = agg.CRMOGMWeighting(make(), alpha=alpha, initial_weights=start)
                steps = []
                for m in ms:
                    weights = w(m if inner == "Mean" else m @ m.T)
                    steps.append({"matrix": listed(m), "weights": listed(weights), "direction": listed(weights @ m)})
                yield "CRMOGM", {"id": f"CRMOGM/{seed}/{t}/{inner},{alpha}", "params": {"inner": inner, "alpha": alpha, "initial_weights": None if start is None else listed(start)}, "steps": steps}
        if t == 2:
            for beta in (0.1, 0.5):
                a = agg.GradVac(beta=beta)
                steps = []
                for m in ms:
                    weights, direction = weights_of(a, m)
                    steps.append({"matrix": listed(m), "weights": weights, "direction": listed(direction), "draw": {"order": [[1], [0]]}})
                yield "GradVac", {"id": f"GradVac/{seed}/{t}/{beta}", "params": {"beta": beta, "eps": 1e-8}, "steps": steps}
        three = [sequence(seed + 100 * k + t, t, d) for k in (1, 2, 3)]
        makers = [("MoDo", agg.MoDoWeighting, dict(gamma=0.2, rho=0.05)), ("MoDo", agg.MoDoWeighting, dict(gamma=0.01, rho=0.0)),
                  ("SDMGrad", agg.SDMGradWeighting, dict(lr=0.1, momentum=0.5, n_iter=10, lambda_=0.3)), ("SDMGrad", agg.SDMGradWeighting, dict(lr=0.02, momentum=0.0, n_iter=5, lambda_=1.0))]
        for method, make, params in makers:
            w = make(**params)
            steps = []
            for j1, j2, j3 in zip(*three):
                weights = w(j1 @ j2.T)
                steps.append({"J1": listed(j1), "J2": listed(j2), "J_apply": listed(j3), "weights": listed(weights), "direction": listed(weights @ j3)})
            yield method, {"id": f"{method}/{seed}/{t}/{params}", "params": params, "steps": steps}


def scalarized(seed):
    for t in (2, 3, 6, 12):
        g = torch.Generator().manual_seed(seed + 31 * t)
        w = torch.rand(t, generator=g) + 0.1
        r = -0.2 * torch.rand(t, generator=g)
        makers = [("Mean", {}, scal.Mean), ("Sum", {}, scal.Sum), ("GeometricMean", {}, scal.GeometricMean), ("Constant", {"weights": w}, scal.Constant),
                  *[("COSMOS", {"lambda_": x, "weights": w}, scal.COSMOS) for x in (0.0, 0.7, 8.0)],
                  *[("PBI", {"theta": x, "weights": w, **ref}, scal.PBI) for x in (0.0, 2.0) for ref in ({}, {"reference": r})],
                  *[("STCH", {"mu": x, **pref, **ref}, scal.STCH) for x in (0.05, 1.0, 20.0) for pref in ({}, {"weights": w}) for ref in ({}, {"reference": r})]]
        for method, params, make in makers:
            s = make(**params)
            steps = []
            for _ in range(6):
                losses = (torch.rand(t, generator=g) * 3 + 0.01).requires_grad_()
                value = s(losses)
                (grad,) = torch.autograd.grad(value, losses)
                steps.append({"losses": losses.tolist(), "value": value.item(), "grad": grad.tolist()})
            shown = {k: (v.tolist() if isinstance(v, torch.Tensor) else v) for k, v in params.items()}
            yield method, {"id": f"{method}/{seed}/{t}/{len(steps)}/{shown.get('mu', shown.get('theta', ''))}", "params": shown, "T": t, "steps": steps}


# Solvers of the library that stop early, and iterations that amplify rounding.
LOOSE = {"MGDA": (2e-2, 1e-9), "CAGrad": (5e-3, 1e-9), "FairGrad": (1e-4, 1e-9), "SDMGrad": (1e-5, 1e-9)}


def write(folder, kind, cases):
    files = {}
    for method, case in cases:
        rtol, atol = LOOSE.get(method, (1e-7, 1e-9))
        files.setdefault(method, []).append({**case, "status": "ok", "tolerance": {"rtol": rtol, "atol": atol}})
    for method, listed_cases in files.items():
        content = {"format": f"{kind}/v1", "method": method, "library": "torchjd", "version": "0.18.0", "dtype": "float64", "cases": listed_cases}
        (folder / kind).mkdir(parents=True, exist_ok=True)
        with gzip.GzipFile(folder / kind / f"{method}.json.gz", "w", mtime=0) as file:
            file.write(json.dumps(content).encode())
    return sum(map(len, files.values()))


everything = [case for seed in range(SEEDS) for case in (*singles(1000 + seed), *sequences(2000 + seed))]
print(write(OUT, "aggregators", everything), "aggregators")
print(write(OUT, "scalarizers", [case for seed in range(SEEDS) for case in scalarized(3000 + seed)]), "scalarizers")
