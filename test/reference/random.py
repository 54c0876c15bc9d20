"""Reference numbers of src/numbers/random.ts: xoshiro128** as published, keys by hashlib. Writes random.json beside itself."""
import hashlib, json, pathlib, struct

MASK = 0xFFFFFFFF


def rotl(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def xoshiro(state):
    s = list(state)
    while True:
        yield rotl((s[1] * 5) & MASK, 7) * 9 & MASK
        t = (s[1] << 9) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)


def state_of(key):
    text = json.dumps(key, ensure_ascii=False, separators=(",", ":"))
    return struct.unpack("<4I", hashlib.sha256(text.encode()).digest()[:16])


def first(state, n):
    stream = xoshiro(state)
    return [next(stream) for _ in range(n)]


keys = [[0], [42, "特征提取/0/kernel"], [42, "dropout", "layer", 17], [7, "order", 3]]
out = {
    "fixed": {"state": [1, 2, 3, 4], "bits": first((1, 2, 3, 4), 10)},
    "keyed": [{"key": key, "bits": first(state_of(key), 6)} for key in keys],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")
