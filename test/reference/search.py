"""What other implementations come to: hypervolumes of pymoo 0.6.2's NSGA-II (400 evaluations, seeds 0 to 10), best values of Optuna 5's
multivariate TPE (60 evaluations, seeds 0 to 20). Writes search.json beside itself; run with `python -P`, for random.py is beside it."""
import json, pathlib, warnings
import numpy as np
warnings.filterwarnings("ignore")
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.indicators.hv import HV
from pymoo.optimize import minimize
from pymoo.problems import get_problem

import optuna
optuna.logging.set_verbosity(optuna.logging.ERROR)


def hypervolumes():
    out = {}
    cases = {"zdt1": (get_problem("zdt1", n_var=5), [1.1, 1.1]), "zdt2": (get_problem("zdt2", n_var=5), [1.1, 1.1]),
             "dtlz2": (get_problem("dtlz2", n_var=6, n_obj=3), [1.1, 1.1, 1.1])}
    for name, (problem, reference) in cases.items():
        found = []
        for seed in range(11):
            result = minimize(problem, NSGA2(pop_size=40), ("n_gen", 10), seed=seed, verbose=False)
            front = result.F if result.F is not None else np.empty((0, len(reference)))
            found.append(float(HV(ref_point=np.array(reference))(front)))
        out[name] = sorted(round(v, 4) for v in found)
    return out


def branin(x, y):
    return (y - 5.1 / (4 * np.pi**2) * x**2 + 5 / np.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(x) + 10


A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = 1e-4 * np.array([[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
                     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]])
C = np.array([1, 1.2, 3, 3.2])


def hartmann(x):
    return float(-C @ np.exp(-(A * (np.array(x) - P) ** 2).sum(1)))


def tpe():
    goals = {
        "branin": lambda t: branin(t.suggest_float("x", -5, 10), t.suggest_float("y", 0, 15)),
        "hartmann6": lambda t: hartmann([t.suggest_float(f"x{i}", 0, 1) for i in range(6)]),
    }
    out = {}
    for name, goal in goals.items():
        best = []
        for seed in range(21):
            study = optuna.create_study(sampler=optuna.samplers.TPESampler(multivariate=True, seed=seed))
            study.optimize(goal, n_trials=60)
            best.append(study.best_value)
        out[name] = sorted(round(v, 4) for v in best)
    return out


pathlib.Path(__file__).with_name("search.json").write_text(json.dumps({"hypervolume": hypervolumes(), "best": tpe()}, indent=1) + "\n")
