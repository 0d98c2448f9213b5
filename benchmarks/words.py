"""Chinese text that is made up and says so: names, titles, places, sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

FIELDS = (
    "机械", "电子", "化学", "土木", "环境", "航海", "测绘", "气象", "地质", "园艺", "林业",
    "水产", "营养", "护理", "药学", "力学", "光学", "声学", "统计", "编辑", "图书馆", "物流",
    "建筑", "制冷", "纺织", "食品", "农机", "蚕桑", "兽医", "心理",
)  # fmt: skip
DIGITS = "〇一二三四五六七八九"
PLACES = ("学会会议室", "学会报告厅", "示例纪念馆", "示例社区活动中心", "示例科技馆", "线上会议")
SUBJECTS = (
    "支部书记主持会议", "全体党员", "党小组", "与会同志", "支委成员", "青年党员", "志愿者",
)  # fmt: skip
ACTS = (
    "学习了上级文件并交流体会", "逐项对照年度计划检查进度", "讨论了学会下一步的工作重点",
    "开展了批评与自我批评", "围绕科普服务提出三条建议", "商定了分工和完成时限",
    "参观了展览并现场提问", "汇报了联系服务会员的情况", "通过了会议决议，并形成书面记录",
)  # fmt: skip
STATEMENTS = (
    "全年按要求完成，材料见佐证。", "按计划逐项落实，资料齐全。",
    "由支委分工负责，年底自查无遗漏。", "已完成大部分任务，其余列入明年计划。",
    "定期开展并留有记录，覆盖全体党员。",
)  # fmt: skip
REASONS = ("材料齐全，核对无误", "有一项未附佐证", "记录较笼统", "完成情况与自评一致")
MATTERS = ("先进基层党组织", "党建品牌报道", "调研文章", "典型案例", "科普服务表彰")
#: The branches of the sample are all marked so; these are no others.
INVENTED = "示例：虚构，与任何实际单位无关"


def numeral(number: int) -> str:
    """Return a number in Chinese digits, one by one."""
    return "".join(DIGITS[int(digit)] for digit in str(number))


def society(number: int) -> str:
    """Return the name of the society numbered ``number``; no two are the same."""
    return f"重庆市示例{FIELDS[number % len(FIELDS)]}学会{numeral(number)}"


def paragraph(rng: random.Random, sentences: int) -> str:
    """Return some sentences of a record."""
    return "".join(f"{rng.choice(SUBJECTS)}{rng.choice(ACTS)}。" for _ in range(sentences))


def article(rng: random.Random, heading: str, paragraphs: int) -> str:
    """Return a Markdown text under a heading, of a few hundred bytes a paragraph."""
    parts = [f"# {heading}"]
    parts += [paragraph(rng, rng.randint(2, 6)) for _ in range(paragraphs)]
    return "\n\n".join(parts) + "\n"
