"""Reference values for linear models on raw inputs: scikit-learn's Ridge and LogisticRegression, cross-validated.

    pip install scikit-learn
    python -I test/reference/linear.py          # writes test/reference/linear.json
"""
import json
from pathlib import Path

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

OUT = Path(__file__).resolve().parent / "linear.json"
PENALTIES = [10, 1, 0.1, 1e-2, 1e-3, 1e-4]
FOLDS = 5


def ridge_case(name, rng, rows, columns, outputs, weighted):
    X = StandardScaler().fit_transform(rng.normal(size=(rows, columns)) * rng.uniform(0.1, 30, columns))
    Y = X @ rng.normal(size=(columns, outputs)) * 0.3 + rng.normal(size=(rows, outputs)) + 2
    s = 1 + (np.arange(rows) % 3) * 0.5 if weighted else np.ones(rows)
    folds = np.arange(rows) % FOLDS
    models, losses = [], []
    for penalty in PENALTIES:
        total = weight = 0.0
        for fold in range(FOLDS):
            fit, held = folds != fold, folds == fold
            model = Ridge(alpha=penalty * s[fit].sum(), solver="cholesky").fit(X[fit], Y[fit], sample_weight=s[fit])
            predicted = model.predict(X[held]).reshape(held.sum(), outputs)
            total += (s[held] * ((predicted - Y[held]) ** 2).mean(axis=1)).sum()
            weight += s[held].sum()
        losses.append(total / weight)
        whole = Ridge(alpha=penalty * s.sum(), solver="cholesky").fit(X, Y, sample_weight=s)
        models.append(dict(kernel=whole.coef_.reshape(outputs, columns).T.ravel().tolist(), bias=np.ravel(whole.intercept_).tolist()))
    mean = DummyRegressor().fit(X, Y, sample_weight=s).predict(X).reshape(rows, outputs)
    constant = (s * ((mean - Y) ** 2).mean(axis=1)).sum() / s.sum()
    return dict(name=name, kind="ridge", rows=rows, columns=columns, outputs=outputs, x=X.ravel().tolist(), y=Y.ravel().tolist(),
                weights=s.tolist(), folds=folds.tolist(), models=models, losses=losses, constant=constant)


def logistic_case(name, rng, rows, columns, classes, weighted):
    X = StandardScaler().fit_transform(rng.normal(size=(rows, columns)) * rng.uniform(0.1, 30, columns))
    scores = X @ rng.normal(size=(columns, classes)) + rng.gumbel(size=(rows, classes)) * 1.5
    y = scores.argmax(axis=1)
    y[:classes * FOLDS] = np.arange(classes * FOLDS) // FOLDS  # every class in every fold
    s = 1 + (np.arange(rows) % 3) * 0.5 if weighted else np.ones(rows)
    folds = np.arange(rows) % FOLDS

    def fitted(mask, penalty):
        C = 1 / (penalty * s[mask].sum())
        return LogisticRegression(C=C, tol=1e-10, max_iter=100000, solver="newton-cholesky").fit(
            X[mask], y[mask], sample_weight=s[mask])

    losses, probabilities = [], []
    for penalty in PENALTIES:
        total = weight = 0.0
        for fold in range(FOLDS):
            fit, held = folds != fold, folds == fold
            # scikit-learn's two-class model has one weight vector: with two, each half as large, the penalty is half.
            model = fitted(fit, penalty if classes > 2 else penalty / 2)
            total += log_loss(y[held], model.predict_proba(X[held]), labels=list(range(classes)), normalize=False, sample_weight=s[held])
            weight += s[held].sum()
        losses.append(total / weight)
        probabilities.append(fitted(np.ones(rows, bool), penalty if classes > 2 else penalty / 2).predict_proba(X[:5]).ravel().tolist())
    shares = np.bincount(y, weights=s) / s.sum()
    constant = -(shares * np.log(shares)).sum()
    return dict(name=name, kind="logistic", rows=rows, columns=columns, classes=classes, x=X.ravel().tolist(), y=y.tolist(),
                weights=s.tolist(), folds=folds.tolist(), probabilities=probabilities, losses=losses, constant=constant)


rng = np.random.default_rng(5)
cases = [
    ridge_case("one output", rng, 40, 4, 1, False),
    ridge_case("two outputs, weighted", rng, 45, 3, 2, True),
    ridge_case("more columns than rows", rng, 25, 40, 1, False),
    logistic_case("two classes", rng, 50, 3, 2, False),
    logistic_case("three classes, weighted", rng, 60, 4, 3, True),
    logistic_case("more columns than rows", rng, 30, 40, 3, False),
]
OUT.write_text(json.dumps(dict(penalties=PENALTIES, cases=cases), separators=(",", ":")) + "\n")
