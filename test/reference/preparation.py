"""Writes preparation.json beside itself: numbers that numpy, scikit-learn and Pillow compute for test/unit/samples."""
import json, pathlib
import numpy as np
from PIL import Image
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

rng = np.random.default_rng(5)
columns = {
    "normal": rng.normal(3, 2, 41),
    "skewed": rng.exponential(5, 40),
    "large": 1e9 + rng.normal(0, 1, 30),
    "ties": rng.integers(0, 5, 25).astype(float),
    "two": np.array([1.0, 4.0]),
}


def scaled(scaler, x):
    return scaler().fit_transform(x.reshape(-1, 1)).ravel().tolist()


statistics = {
    name: {
        "values": x.tolist(),
        "mean": float(x.mean()),
        "sd": float(x.std()),
        "quantiles": [float(np.quantile(x, q)) for q in (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)],
        "standard": scaled(StandardScaler, x),
        "minmax": scaled(MinMaxScaler, x),
        "robust": scaled(RobustScaler, x),
    }
    for name, x in columns.items()
}

images = []
for (h, w), (height, width) in [((5, 7), (3, 4)), ((5, 7), (9, 11)), ((8, 8), (8, 3)), ((28, 28), (12, 12)), ((2, 2), (7, 7))]:
    x = rng.uniform(0, 255, (h, w)).astype(np.float32)
    y = np.array(Image.fromarray(x, mode="F").resize((width, height), Image.BILINEAR))
    images.append({"source": [h, w], "target": [height, width], "pixels": x.ravel().tolist(), "resized": y.ravel().tolist()})

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"statistics": statistics, "images": images}) + "\n")
