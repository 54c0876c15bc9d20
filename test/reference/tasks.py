"""Reference values for losses and metrics: PyTorch, torchvision and scikit-learn in double precision.

    pip install torch torchvision scikit-learn
    python -I test/reference/tasks.py          # writes test/golden/vectors/{losses,metrics}.json
"""
import json
from pathlib import Path

import numpy as np
import sklearn.metrics as sk
import torch
import torch.nn.functional as F
import torchvision.ops as ops

OUT = Path(__file__).resolve().parent.parent / "golden" / "vectors"
torch.set_default_dtype(torch.float64)


def case(name, task, parameters, context, raw, target, per_sample, denominators=None):
    """One case: sum of weighted losses, denominator, gradient of the sum in the raw outputs."""
    raw = torch.tensor(raw, requires_grad=True)
    weights = torch.tensor(np.where(np.arange(len(raw)) % 4 == 3, 0.0, 1.0 + 0.25 * (np.arange(len(raw)) % 3)))
    losses = per_sample(raw, torch.tensor(target))
    total = (losses * weights).sum()
    total.backward()
    den = weights if denominators is None else weights * torch.tensor(denominators)
    return dict(
        loss=name, task=task, parameters=parameters, context=context, raw=raw.detach().tolist(), target=np.array(target).tolist(),
        weights=weights.tolist(), losses=losses.detach().tolist(), sum=total.item(), weight=den.sum().item(),
        gradient=raw.grad.tolist(),
    )


def losses():
    r = np.random.default_rng(20)
    n, k = 11, 4
    logits = r.normal(0, 2, (n, k))
    logits[1] = [60, -50, 0, 3]
    labels = r.integers(0, k, n)
    counts = [7, 2, 5, 6]
    target = labels[:, None].astype(float)
    context = dict(width=k, classes=["a", "b", "c", "d"], classCounts=counts)
    long = torch.tensor(labels)
    out = []
    for eps in (0, 0.1):
        out.append(case("cross-entropy", "classification", dict(labelSmoothing=eps), context, logits, target,
                        lambda x, _, e=eps: F.cross_entropy(x, long, label_smoothing=e, reduction="none")))
        balanced = np.array([sum(counts) / (k * c) for c in counts])
        given = np.array([1.0, 2.5, 1.0, 0.5])
        for parameters, w in ((dict(classWeights="balanced"), balanced), (dict(classWeights=dict(b=2.5, d=0.5)), given)):
            out.append(case("weighted-cross-entropy", "classification", dict(parameters, labelSmoothing=eps), context, logits, target,
                            lambda x, _, e=eps, w=w: F.cross_entropy(x, long, weight=torch.tensor(w), label_smoothing=e, reduction="none"),
                            w[labels]))
    for gamma, alpha in ((2, 1), (0.5, 0.25), (0, 1), (1, [0.1, 0.2, 0.3, 0.4])):
        a = torch.tensor(alpha if isinstance(alpha, list) else [float(alpha)] * k)
        mild = np.clip(logits, -8, 8)
        out.append(case("focal", "classification", dict(gamma=gamma, alpha=alpha), context, mild, target,
                        lambda x, _, g=gamma, a=a: -a[long] * (1 - F.softmax(x, 1)[range(n), long]) ** g * F.log_softmax(x, 1)[range(n), long]))
    x, y = r.normal(0, 2, (n, 3)), r.normal(0, 1, (n, 3))
    context = dict(width=3)
    mean = lambda f: lambda a, b: f(a, b).mean(1)
    out.append(case("mse", "regression", {}, context, x, y, mean(lambda a, b: F.mse_loss(a, b, reduction="none"))))
    out.append(case("mae", "regression", {}, context, x, y, mean(lambda a, b: F.l1_loss(a, b, reduction="none"))))
    for delta in (1, 0.3):
        out.append(case("huber", "regression", dict(delta=delta), context, x, y, mean(lambda a, b, d=delta: F.huber_loss(a, b, delta=float(d), reduction="none"))))
    out.append(case("log-cosh", "regression", {}, context, x, y, mean(lambda a, b: torch.log(torch.cosh(a - b)))))
    counts_y = r.poisson(2.0, (n, 3)).astype(float)
    deviance = lambda a, b: a.exp() - b + torch.special.xlogy(b, b) - b * a
    out.append(case("poisson", "regression", {}, context, x, counts_y, mean(deviance)))
    quantiles = [0.1, 0.5, 0.9]
    q = r.normal(0, 2, (n, 6))

    def pinball(a, b):
        level = torch.tensor(quantiles)
        d = b[:, :, None] - a.reshape(n, 2, 3)
        return torch.maximum(level * d, (level - 1) * d).mean((1, 2))

    out.append(case("quantile", "regression", dict(quantiles=quantiles), dict(width=6), q, y[:, :2], pinball))
    raw = r.normal(0, 1.5, (n, 4))
    center, size = r.uniform(0.3, 0.7, (n, 2)), r.uniform(0.1, 0.5, (n, 2))
    boxes = np.hstack([center - size / 2, center + size / 2])

    def corners(a):
        c = torch.sigmoid(a)
        return torch.cat([c[:, :2] - c[:, 2:] / 2, c[:, :2] + c[:, 2:] / 2], 1)

    context = dict(width=4)
    plain = lambda a, b: 1 - torch.diagonal(ops.box_iou(a, b))
    for name, f in (("iou", plain), ("giou", ops.generalized_box_iou_loss), ("diou", ops.distance_box_iou_loss), ("ciou", ops.complete_box_iou_loss)):
        out.append(case(name, "box", {}, context, raw, boxes, lambda a, b, f=f: f(corners(a), b)))
    for beta in (1, 0.1):
        def smooth(a, b, beta=beta):
            goal = torch.cat([(b[:, :2] + b[:, 2:]) / 2, b[:, 2:] - b[:, :2]], 1)
            return F.smooth_l1_loss(torch.sigmoid(a), goal, beta=float(beta), reduction="none").mean(1)
        out.append(case("smooth-l1", "box", dict(beta=beta), context, raw, boxes, smooth))
    return out


def metrics():
    r = np.random.default_rng(21)
    out = []
    for n, k, drop in ((40, 4, None), (30, 5, 2), (25, 2, None)):
        labels = r.integers(0, k, n)
        if drop is not None:
            labels[labels == drop] = 0
        scores = r.normal(0, 1, (n, k)) + 1.2 * np.eye(k)[labels]
        p = np.round(np.exp(scores) / np.exp(scores).sum(1, keepdims=True), 2) + 0.001
        p = (p / p.sum(1, keepdims=True)).astype(np.float32).astype(float)
        guess = p.argmax(1)
        areas = [sk.roc_auc_score(labels == c, p[:, c]) for c in range(k) if 0 < (labels == c).sum() < n]
        top = min(2, k)
        hits = np.mean([labels[i] in np.argsort(p[i], kind="mergesort")[::-1][:top] for i in range(n)])
        out.append(dict(task="classification", classes=[str(c) for c in range(k)], k=top, predicted=p.tolist(), target=labels[:, None].tolist(), values=dict(
            accuracy=sk.accuracy_score(labels, guess), topK=hits, macroF1=sk.f1_score(labels, guess, average="macro", zero_division=0),
            microF1=sk.f1_score(labels, guess, average="micro"), rocAuc=float(np.mean(areas)), logLoss=-float(np.mean(np.log(p[range(n), labels])))),
            confusion=sk.confusion_matrix(labels, guess, labels=range(k)).tolist()))
        if drop is None and k > 2:
            assert abs(np.mean(areas) - sk.roc_auc_score(labels, p, multi_class="ovr", average="macro")) < 1e-12
            assert abs(hits - sk.top_k_accuracy_score(labels, p, k=top)) < 1e-12
            assert abs(out[-1]["values"]["logLoss"] - sk.log_loss(labels, p)) < 1e-9
    for n, columns, shift in ((35, 1, 0), (35, 3, 1e4)):
        y = r.normal(0, 3, (n, columns)) + shift
        x = y + r.normal(0, 1, (n, columns))
        out.append(dict(task="regression", columns=columns, predicted=x.tolist(), target=y.tolist(), values=dict(
            mae=sk.mean_absolute_error(y, x), rmse=sk.root_mean_squared_error(y, x), r2=sk.r2_score(y, x), mse=sk.mean_squared_error(y, x),
            pinball=sk.mean_pinball_loss(y, x, alpha=0.5))))
    y = r.normal(0, 3, 30)
    levels = [0.1, 0.5, 0.9]
    x = y[:, None] + np.array([-2.0, 0.3, 2.0]) + r.normal(0, 1.2, (30, 3))
    out.append(dict(task="regression", columns=1, quantiles=levels, predicted=x.tolist(), target=y[:, None].tolist(), values=dict(
        mae=sk.mean_absolute_error(y, x[:, 1]), rmse=sk.root_mean_squared_error(y, x[:, 1]), r2=sk.r2_score(y, x[:, 1]), mse=sk.mean_squared_error(y, x[:, 1]),
        pinball=float(np.mean([sk.mean_pinball_loss(y, x[:, i], alpha=q) for i, q in enumerate(levels)]))),
        crossings=int(np.sum((np.diff(x, axis=1) < 0).any(1)))))
    center, size = r.uniform(0.3, 0.7, (30, 2)), r.uniform(0.1, 0.5, (30, 2))
    truth = np.hstack([center - size / 2, center + size / 2])
    other = np.hstack([center + r.normal(0, 0.12, (30, 2)), np.clip(size + r.normal(0, 0.08, (30, 2)), 0.05, 1)])
    guess = np.hstack([other[:, :2] - other[:, 2:] / 2, other[:, :2] + other[:, 2:] / 2])
    iou = torch.diagonal(ops.box_iou(torch.tensor(guess), torch.tensor(truth))).numpy()
    out.append(dict(task="box", predicted=guess.tolist(), target=truth.tolist(), values=dict(
        meanIoU=float(iou.mean()), iou50=float((iou >= 0.5).mean()), mse=sk.mean_squared_error(truth, guess)), zeroOverlap=float((iou == 0).mean())))
    return out


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, make in (("losses", losses), ("metrics", metrics)):
        (OUT / f"{name}.json").write_text(json.dumps(dict(made_by="test/reference/tasks.py", torch=torch.__version__.split("+")[0], cases=make()), indent=None) + "\n")
