"""Reference points of src/experiment/designs/sobol.ts by scipy.stats.qmc.Sobol. Writes sobol.json beside itself;
run with `python -P`, for random.py is beside it."""
import json, pathlib
from scipy.stats import qmc

dimensions, numbers = 128, [0, 1, 2, 3, 7, 100, 1023, 4095]
points = qmc.Sobol(dimensions, scramble=False).random(4096)
out = {
    "dimensions": dimensions,
    "numbers": numbers,
    # Whole numbers of 2^-12: the first 4096 points have no finer digits.
    "points": [[int(value * 4096) for value in points[number]] for number in numbers],
}
assert all((points * 4096 % 1 == 0).ravel())
text = json.dumps(out, separators=(",", ":")).replace("],[", "],\n[")
pathlib.Path(__file__).with_name("sobol.json").write_text(text + "\n")
