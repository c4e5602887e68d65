"""An invented town: complaints about a few concrete troubles, told in several ways, among many single ones."""

import random

import numpy as np

from pipeline.records import Complaints

ESTATES = ["云栖花苑", "锦绣江南", "翠屏山庄", "金桂名邸", "东湖雅居", "北岸星城", "枫林晚苑", "白鹭洲"]
TROUBLES = {
    "油烟": (
        "楼下烧烤店 一楼饭馆 夜宵摊 餐馆后厨 底商炒货铺",
        "油烟直排 没有烟道油烟乱飘 油烟味呛人 油烟灌进屋里",
        "不敢开窗 老人咳嗽 衣服没法晒 孩子过敏",
    ),
    "停车": (
        "地下车位 停车位 开发商车库 人防车位",
        "只卖不租 逼着买车位 高价出售停车难 不给业主停车",
        "车停到马路上 天天被贴条 绕圈找车位 下班没处停车",
    ),
    "漏水": (
        "顶楼屋面 卧室天花板 外墙 飘窗",
        "漏水修不好 一下雨就渗水 渗水返修三次 漏水没人维修",
        "墙皮掉光 衣柜发霉 地板泡坏 用盆接水",
    ),
    "电梯": (
        "电梯 三号电梯 单元电梯 两部电梯",
        "三天两头坏 经常故障停运 坏了一个月 困人没人管",
        "老人爬楼 孩子被困里面 物业不修 维保单空白",
    ),
}
# single complaints are strings of words of two characters and share next to nothing
CHARACTERS = [chr(code) for code in range(0x5000, 0x5400)]


def town(seed=0, singles=120, cases=8):
    """Complaints in random order and the true trouble of each ("" for a single one)."""
    chance = random.Random(seed)
    rows = []
    pairs = [(estate, trouble) for estate in ESTATES for trouble in TROUBLES]
    for estate, trouble in chance.sample(pairs, cases):
        for _ in range(chance.randint(4, 9)):
            thing, wrong, harm = (chance.choice(words.split()) for words in TROUBLES[trouble])
            asked = chance.choice(["反映多次", "打过电话", "找过物业", "写过信"]) + chance.choice(
                ["请处理", "盼回复", "求解决"]
            )
            body = f"本人住{estate}{chance.randint(1, 19)}栋，{thing}{wrong}，{harm}，{asked}。"
            rows.append((f"{estate}小区{thing}{wrong}", body, f"{estate}/{trouble}"))
    for number in range(singles):
        words = ["".join(chance.sample(CHARACTERS, 2)) for _ in range(14)]
        rows.append(("".join(words[:5]), f"{''.join(words[:7])}，{''.join(words[7:])}{number}。", ""))
    chance.shuffle(rows)
    return rows


def complaints(rows, **columns):
    """Rows of (title, text, truth) as what grouping takes."""
    count = len(rows)
    return Complaints(
        ids=[str(place) for place in range(count)],
        texts=[row[1] for row in rows],
        titles=[row[0] for row in rows],
        customers=columns.pop("customers", [""] * count),
        times=columns.pop("times", np.full(count, "NaT", "M8[s]")),
        categories=["other"] * count,
        causes=columns.pop("causes", ()),
        cause_shares=columns.pop("cause_shares", np.zeros((count, 0), np.float32)),
        columns=columns,
    )


def b_cubed(found, truth):
    """Precision, recall and F1 over complaints (Bagga and Baldwin 1998); a negative group is a group of one."""
    labels = [one if one >= 0 else -2 - place for place, one in enumerate(found)]
    own = [set(np.flatnonzero(np.array(labels) == label)) for label in labels]
    true = [set(np.flatnonzero(np.array(truth) == label)) if label else {i} for i, label in enumerate(truth)]
    precision = np.mean([len(a & b) / len(a) for a, b in zip(own, true, strict=True)])
    recall = np.mean([len(a & b) / len(b) for a, b in zip(own, true, strict=True)])
    return precision, recall, 2 * precision * recall / (precision + recall)
