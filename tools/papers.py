"""Make the Word templates of site_templates/office anew: ``python -m tools.papers``.

They were made once, and are edited in Word ever since; this says how they were made.
"""

from __future__ import annotations

from pathlib import Path

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from tools.paper_parts import (
    CLOSE,
    HEI,
    KAI,
    OFFICIAL,
    PLAIN,
    POINT,
    RED,
    TITLES,
    Paper,
    Words,
    ruled,
)

FOLDER = Path(__file__).resolve().parents[1] / "site_templates" / "office"
BALLOT_RULE = "每个党支部只选一档，在它前面的“□”内画“√”；不选或多选的，这一行不计。不署名。"
DEBRIEF_RULE = (
    "没有参加现场测评的党支部，看过书面述职报告后评分：最低0分，最高{{ most }}分，写明理由。"
)
#: What the English papers say; the notice is in Chinese always.
ENGLISH = {
    "{{ year }}年度党支部考核结果告知书": "Appraisal of {{ year }}: the result of your branch",
    "{{ name }}：": "To {{ name }}:",
    "失分的小项和理由：": "Criteria that lost points, and why:",
    "各小项没有失分。": "No criterion lost points.",
    "小项": "Criterion", "得分": "Points", "满分": "Most", "理由": "Reason",
    "依据提交 {{ commit }}，结果校验码 {{ digest }}":
        "Commit {{ commit }}, digest of the results {{ digest }}",
    "{{ year }}年度党支部考核自评表": "Appraisal of {{ year }}: self-assessment",
    "党支部：{{ name }}　　类型：{{ kind }}　　党员：{{ members }}人":
        "Branch: {{ name }}   Kind: {{ kind }}   Members: {{ members }}",
    "大项": "Section", "小项与要求": "Criterion and requirement", "自评": "Claimed",
    "说明与材料": "Statement and evidence",
    "自评合计：{{ total }}分（满分{{ most }}分）":
        "Claimed in all: {{ total }} of {{ most }}",
    "加分申报：": "Bonus claims:", "加分项": "Bonus", "级别": "Level", "事项": "Matter",
    "加分": "Points",
    "党支部书记（签字）：＿＿＿＿＿＿＿":
        "Secretary (signature): ____________________",
    "党支部（盖章）　　　　年　　月　　日":
        "Seal of the branch, day: ____________________",
    "{{ year }}年度党支部书记述职测评表": "Debrief of {{ year }}: ballot paper",
    BALLOT_RULE:
        "Mark one box a branch; a row without a mark, or with several, does not count. Not signed.",
    "{{ year }}年度党支部书记书面述职评分表": "Debrief of {{ year }}: score of written reports",
    DEBRIEF_RULE:
        "For branches that took no part in the ballots: read the written report, then give 0 to "
        "{{ most }} points and a reason.",
    "述职报告": "Written report", "评分人（签字）：＿＿＿＿＿＿＿":
        "Scored by (signature): ____________________",
    "　　　　年　　月　　日": "Day: ____________________",
    "序号": "No.", "党支部": "Branch", "测评": "Mark",
}  # fmt: skip


def notice() -> Paper:
    """Return the notice of the results, in the layout of GB/T 9704."""
    paper = Paper(OFFICIAL)
    mark = paper.line("{{ issuer }}文件", TITLES, 26, ALIGN.CENTER, pitch=38, color=RED)
    #: The upper edge of the letters lies 35 mm below that of the text; they begin a little below
    #: their square.
    mark.paragraph_format.space_before = Pt(35 / POINT - (38 - 26) / 2 - 2)
    paper.line()
    paper.line()
    number = paper.line("{{ number }}", align=ALIGN.CENTER)
    ruled(number, ("bottom", 1.5, 4 / POINT - 6), color="C00000")
    paper.line()
    paper.line()
    paper.title("关于{{ year }}年度党支部考核结果的通报")
    paper.line()
    paper.line("{{ addressees }}：", align=ALIGN.JUSTIFY)
    paper.body("{{ opening }}")
    paper.line("一、考核等次", HEI, indent=2, keep=True)
    paper.each("for grade in grades")
    paper.line("（{{ grade.number }}）{{ grade.title }}（{{ grade.count }}个）", KAI,
               indent=2, keep=True)  # fmt: skip
    paper.body("{{ grade.names }}")
    paper.each("endfor")
    paper.line("二、总分排名", HEI, indent=2, keep=True)
    paper.body("{{ ranked }}个党支部的总分和名次见附件。{{ unranked }}", keep=True)
    paper.line(keep=True)
    paper.line("附件：{{ year }}年度党支部考核排名", indent=2, keep=True)
    paper.line(keep=True)
    paper.line(keep=True)
    paper.signed(4)
    annex(paper)
    paper.source()
    return paper


def annex(paper: Paper) -> None:
    """Add the ranking on a page of its own, and to whom the notice goes."""
    paper.line("附件", HEI).paragraph_format.page_break_before = True
    paper.line()
    paper.title("{{ year }}年度党支部考核排名")
    paper.line(pitch=14)
    paper.table((16, 92, 22, 26), ("名次", "党支部", "总分", "等次"), "ranking",
                ("{{ row.rank }}", "{{ row.name }}", "{{ row.total }}",
                 "{{ row.grade }}"))  # fmt: skip
    paper.line(keep=True)
    copies = paper.line("抄送：{{ copies }}", size=14, align=ALIGN.JUSTIFY, keep=True)
    issued = paper.line("{{ issuer }}\t{{ day }}印发", size=14, keep=True)
    for line, left in ((copies, 4), (issued, 1)):
        own = line.paragraph_format
        own.left_indent, own.first_line_indent = Pt(14 * left), Pt(14 * (1 - left))
        own.right_indent = Pt(14)
    issued.paragraph_format.tab_stops.add_tab_stop(
        Pt(paper.page.width - 14), WD_TAB_ALIGNMENT.RIGHT
    )
    ruled(copies, ("top", 1, 1), ("bottom", 0.75, 1))
    ruled(issued, ("bottom", 1, 1))


def letter() -> Paper:
    """Return the letter to a branch about its own result."""
    paper = Paper(CLOSE)
    paper.title("{{ year }}年度党支部考核结果告知书", 20)
    paper.line("{{ name }}：", align=ALIGN.JUSTIFY)
    paper.body("{{ result }}")
    paper.each("if lost")
    paper.line("失分的小项和理由：", indent=2, keep=True)
    paper.table((36, 13, 13, 108), ("小项", "得分", "满分", "理由"), "lost",
                ("{{ row.title }}", "{{ row.points }}", "{{ row.max }}", "{{ row.reason }}"),
                9, 11.5)  # fmt: skip
    paper.each("elif scored")
    paper.line("各小项没有失分。", indent=2)
    paper.each("endif")
    paper.body("{{ appeal }}")
    paper.line(pitch=12, keep=True)
    paper.signed(4)
    paper.source()
    return paper


def form() -> Paper:
    """Return the self-assessment of a branch, for signature and seal."""
    paper = Paper(PLAIN)
    paper.title("{{ year }}年度党支部考核自评表", 20)
    paper.line("党支部：{{ name }}　　类型：{{ kind }}　　党员：{{ members }}人", size=12)
    paper.table((20, 58, 14, 21, 57), ("大项", "小项与要求", "满分", "自评", "说明与材料"),
                "criteria",
                ("{{ row.section }}", "{{ row.title }}", "{{ row.max }}", "{{ row.claimed }}",
                 "{{ row.told }}"), 10.5)  # fmt: skip
    paper.line("自评合计：{{ total }}分（满分{{ most }}分）")
    paper.each("if bonuses")
    paper.line("加分申报：", keep=True)
    paper.table((48, 24, 82, 16), ("加分项", "级别", "事项", "加分"), "bonuses",
                ("{{ row.title }}", "{{ row.level }}", "{{ row.matter }}", "{{ row.points }}"),
                10.5)  # fmt: skip
    paper.each("endif")
    paper.line(keep=True)
    for text in ("党支部书记（签字）：＿＿＿＿＿＿＿", "党支部（盖章）　　　　年　　月　　日"):
        paper.line(text, align=ALIGN.RIGHT, keep=True)
    paper.source()
    return paper


def ballot() -> Paper:
    """Return the ballot paper of the debrief: a box to mark beside each level."""
    paper = Paper(PLAIN)
    paper.title("{{ year }}年度党支部书记述职测评表", 20)
    paper.line(BALLOT_RULE, size=12)
    paper.table((14, 82, 74), ("序号", "党支部", "测评"), "branches",
                ("{{ row.number }}", "{{ row.name }}", "{{ row.boxes }}"))  # fmt: skip
    return paper


def debrief() -> Paper:
    """Return the paper on which written reports are scored, with room to write."""
    paper = Paper(PLAIN)
    paper.title("{{ year }}年度党支部书记书面述职评分表", 20)
    paper.line(DEBRIEF_RULE, size=12, align=ALIGN.JUSTIFY)
    made = paper.table((12, 46, 46, 18, 48), ("序号", "党支部", "述职报告", "得分", "理由"),
                       "branches",
                       ("{{ row.number }}", "{{ row.name }}", "{{ row.report }}",
                        "{{ row.points }}", "{{ row.reason }}"), 10.5)  # fmt: skip
    made.rows[2].height = Mm(18)
    paper.line(keep=True)
    for text in ("评分人（签字）：＿＿＿＿＿＿＿", "　　　　年　　月　　日"):
        paper.line(text, align=ALIGN.RIGHT, keep=True)
    paper.source()
    return paper


def main() -> None:
    """Write all templates."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    papers = {"letter": letter, "form": form, "ballot": ballot, "debrief": debrief}
    for ending, words in (("", {}), (".en", ENGLISH)):
        Words.of = words
        for name, made in (papers if words else {"notice": notice, **papers}).items():
            (FOLDER / f"{name}{ending}.docx").write_bytes(made().saved())


if __name__ == "__main__":
    main()
