"""A vision transformer and the dense strategies read off their formulas, token by token in double precision."""

import math

import numpy as np


class Slow:
    """A vision transformer from its weights alone: no batch, one head at a time, numpy."""

    def __init__(self, visual):
        def numbers(name):
            return state[name].double().numpy() if name in state else None

        state, timm = visual.state_dict(), hasattr(visual, "trunk")
        names = {
            "kernel": ("conv1.weight", "trunk.patch_embed.proj.weight"),
            "kernel_bias": ("", "trunk.patch_embed.proj.bias"),
            "first": ("class_embedding", "trunk.cls_token"),
            "positions": ("positional_embedding", "trunk.pos_embed"),
            "pre.weight": ("ln_pre.weight", ""),
            "pre.bias": ("ln_pre.bias", ""),
            "post.weight": ("ln_post.weight", "trunk.norm.weight"),
            "post.bias": ("ln_post.bias", "trunk.norm.bias"),
            "out": ("proj", "head.proj.weight"),
        }
        self.w = {key: numbers(pair[timm]) for key, pair in names.items()}
        self.w["first"], self.w["positions"] = self.w["first"].reshape(-1), np.squeeze(self.w["positions"])
        self.eps = 1e-6 if timm else 1e-5
        if timm:
            self.w["out"] = self.w["out"].T
        keys = (
            "norm1 attn.qkv attn.proj norm2 mlp.fc1 mlp.fc2",
            "ln_1 attn.in_proj_ attn.out_proj ln_2 mlp.c_fc mlp.c_proj",
        )
        own = ("norm1", "qkv", "proj", "norm2", "fc1", "fc2")
        self.blocks, self.heads = [], (visual.trunk.blocks[0].attn.num_heads if timm else 3)
        for number in range(len(visual.trunk.blocks if timm else visual.transformer.resblocks)):
            start = f"trunk.blocks.{number}." if timm else f"transformer.resblocks.{number}."
            block = {}
            for ours, theirs in zip(own, keys[not timm].split()):
                dot = "" if theirs.endswith("_") else "."
                block[ours] = tuple(numbers(f"{start}{theirs}{dot}{kind}") for kind in ("weight", "bias"))
            self.blocks.append(block)

    def norm(self, x, weight, bias):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + self.eps) * weight + bias

    def enter(self, image):
        kernel, patch = self.w["kernel"], self.w["kernel"].shape[-1]
        grid = image.shape[-1] // patch
        tokens = [self.w["first"]]
        for row in range(grid):
            for column in range(grid):
                piece = image[:, row * patch : (row + 1) * patch, column * patch : (column + 1) * patch]
                bias = 0 if self.w["kernel_bias"] is None else self.w["kernel_bias"]
                tokens.append((kernel * piece).sum((1, 2, 3)) + bias)
        x = np.stack(tokens) + self.w["positions"]
        return x if self.w["pre.weight"] is None else self.norm(x, self.w["pre.weight"], self.w["pre.bias"])

    def qkv(self, block, x):
        stacked = self.norm(x, *block["norm1"]) @ block["qkv"][0].T + block["qkv"][1]
        return [np.split(part, self.heads, -1) for part in np.split(stacked, 3, -1)]

    def gather(self, block, per_head):
        return np.concatenate(per_head, -1) @ block["proj"][0].T + block["proj"][1]

    def feed_forward(self, block, x):
        hidden = self.norm(x, *block["norm2"]) @ block["fc1"][0].T + block["fc1"][1]
        hidden = hidden * 0.5 * (1 + np.vectorize(math.erf)(hidden / math.sqrt(2)))
        return hidden @ block["fc2"][0].T + block["fc2"][1]

    def block(self, block, x):
        q, k, v = self.qkv(block, x)
        x = x + self.gather(block, [softmax(a @ b.T / math.sqrt(a.shape[1])) @ c for a, b, c in zip(q, k, v)])
        return x + self.feed_forward(block, x)

    def project(self, x):
        return self.norm(x, self.w["post.weight"], self.w["post.bias"]) @ self.w["out"]

    def before(self, image, last=1):
        x = self.enter(image)
        for block in self.blocks[:-last]:
            x = self.block(block, x)
        return x

    def patch(self, image):
        return self.project(self.block(self.blocks[-1], self.before(image)))

    def maskclip(self, image):
        x, block = self.before(image), self.blocks[-1]
        x = x + self.gather(block, self.qkv(block, x)[2])
        return self.project(x + self.feed_forward(block, x))

    def sclip(self, image):
        x, block = self.before(image), self.blocks[-1]
        q, k, v = self.qkv(block, x)
        root = math.sqrt(q[0].shape[1])
        x = x + self.gather(
            block, [(softmax(a @ a.T / root) + softmax(b @ b.T / root)) @ c for a, b, c in zip(q, k, v)]
        )
        return self.project(x + self.feed_forward(block, x))

    def clearclip(self, image):
        x, block = self.before(image), self.blocks[-1]
        q, _, v = self.qkv(block, x)
        return self.project(self.gather(block, [softmax(a @ a.T / math.sqrt(a.shape[1])) @ c for a, c in zip(q, v)]))

    def gem(self, image):
        last = min(6, len(self.blocks) // 2)
        x = other = self.before(image, last)
        for block in self.blocks[-last:]:
            tau = np.linalg.norm(self.norm(x, *block["norm1"]), axis=-1).mean() / math.sqrt(x.shape[1] / self.heads)
            q, k, v = self.qkv(block, x)
            per_head = []
            for head in range(self.heads):
                mean = 0
                for projection in (q, k, v):
                    p = unit(projection[head])
                    p = unit(softmax(p @ p.T * tau) @ p)
                    mean = mean + softmax(p @ p.T * tau) @ v[head] / 3
                per_head.append(mean)
            other = other + self.gather(block, per_head)
            x = self.block(block, x)
        return self.project(other)

    def gradeclip(self, image, text):
        x, block = self.before(image), self.blocks[-1]
        q, k, v = self.qkv(block, x)
        gathered = np.concatenate([(softmax(a[:1] @ b.T / math.sqrt(a.shape[1])) @ c)[0] for a, b, c in zip(q, k, v)])

        def score(vector):
            first = x[:1] + vector @ block["proj"][0].T + block["proj"][1]
            return float(unit(self.project(first + self.feed_forward(block, first)))[0] @ text)

        step = 1e-6 * np.eye(len(gathered))
        gradient = np.array([(score(gathered + d) - score(gathered - d)) / 2e-6 for d in step])
        q, k, v = (np.concatenate(part, -1) for part in (q, k, v))
        agrees = np.array([unit(q[:1])[0] @ unit(k[i : i + 1])[0] for i in range(1, len(k))])
        agrees = (agrees - agrees.min()) / np.ptp(agrees)
        return np.array([max(0.0, gradient @ v[i + 1]) * agrees[i] for i in range(len(agrees))])


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)
