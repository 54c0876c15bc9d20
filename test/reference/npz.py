"""Writes test/fixtures/data/arrays.npz, arrays-compressed.npz, objects.npz and arrays.json (what numpy itself reads back). Needs numpy."""
import io, json, pathlib, zipfile
import numpy as np

folder = pathlib.Path(__file__).parent.parent / "fixtures" / "data"
rng = np.random.default_rng(3)
n = 5
arrays = {
    "bool": np.array([True, False, True, True, False]),
    "label": np.array([3, 1, 4, 1, 5], dtype=np.int64),
    "fortran": np.asfortranarray(rng.integers(0, 100, (n, 2, 3)).astype(np.float32)),
    "big": rng.normal(size=(n, 4)).astype(">f8"),
    "big16": rng.integers(-300, 300, (n, 2)).astype(">i2"),
    "half": np.array([0.5, -2.25, 65504, 6e-8, np.nan], dtype=np.float16),
    "标签": np.array(["猫", "狗", "猫", "naïve", ""]),
    "bytes": np.array([b"ab", b"c", b"", b"abc", b"x"]),
    "ids": np.array([2**63 - 1, 1, 2, 3, 4], dtype=np.int64),
    "scalar": np.array(7.5),
    **{str(np.dtype(t)): rng.integers(0, 100, (n,)).astype(t) for t in ["i1", "i2", "i4", "u1", "u2", "u4", "u8", "f4"]},
}
np.savez(folder / "arrays.npz", **arrays)
np.savez_compressed(folder / "arrays-compressed.npz", **arrays)


def plain(array):
    if array.dtype.kind == "S":
        return [cell.decode() for cell in array]
    if array.dtype.kind == "U":
        return array.tolist()
    return [None if np.isnan(v) else float(v) for v in np.ascontiguousarray(array).astype(np.float64).ravel()]


with np.load(folder / "arrays-compressed.npz") as saved:
    expected = {name: {"shape": list(saved[name].shape), "values": plain(saved[name])} for name in saved.files if name != "scalar"}
expected["ids"]["values"] = [str(v) for v in arrays["ids"]]
(folder / "arrays.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")

np.savez(folder / "objects.npz", fine=np.arange(3), things=np.array([{"a": 1}, None, "x"], dtype=object))
