"""Help and examples for whoever fills in a record: what the definition says to others is in it.

A key that is not here is asked with its own description, and an example of its kind of input.
"""

from __future__ import annotations

from typing import NamedTuple

from generator.text.language import mark


class Told(NamedTuple):
    """How a key is asked: help, example, and whether the answer may be long."""

    help: str
    example: str = ""
    long: bool = False


NOTHING_TOLD = Told("")
#: Kind of record and key → how it is asked.
WORDS = {
    "branch.name": Told(mark("全称，各处照此显示"), mark("重庆市示例甲学会党支部")),
    "branch.kind": Told(mark("按考核办法所列的类型选一种")),
    "branch.societies": Told(
        mark("学会的全称；联合党支部有几个的，用顿号隔开"), mark("重庆市示例甲学会")
    ),
    "branch.has_committee": Told(mark("建立了支部委员会的写“是”"), mark("是")),
    "branch.consortium": Told(mark("没有加入联合体的，不写")),
    "branch.established": Told(mark("支部成立的日期"), "2016-05-20"),
    "branch.members": Told(mark("只写人数，不写姓名"), "23"),
    "branch.submitters": Told(
        mark("可以为本支部报送的账号，即代码托管平台上的登录名；几个的用顿号隔开"), "example-login"
    ),
    "branch.formerly": Told(mark("支部改过编号的，写以前的编号；没有改过的，不写"), "old-id"),
    "activity.title": Told(mark("活动的名称"), mark("参观示例纪念馆")),
    "activity.type": Told(mark("一次活动有几种的，写几种，用顿号隔开")),
    "activity.date": Told(mark("活动当天")),
    "activity.place": Told(mark("在哪里举行"), mark("学会会议室")),
    "activity.collective": Told(mark("计作集中活动的写“是”"), mark("是")),
    "activity.joint_with": Told(mark("和哪些支部一起开展的；对方也要写上本支部。没有的，不写")),
    "activity.plan": Told(mark("活动方案的文件"), mark("方案.pdf")),
    "activity.record": Told(mark("活动详细记录的文件"), mark("记录.docx")),
    "activity.attendance": Told(
        mark("应到、到会、请假、缺席的人数，依次写；或者考勤表的文件名（CSV，列为 member,status）"),
        mark("应到23，到会19，请假3，缺席1"),
    ),
    "activity.photos": Told(mark("现场照片的文件"), mark("现场.jpg")),
    "document.kind": Told(mark("按考核办法所列的种类选一种")),
    "document.title": Told(mark("材料的标题"), mark("2025年度工作计划")),
    "document.date": Told(mark("材料上的日期")),
    "document.files": Told(mark("材料的文件；几个的都写上"), mark("计划.pdf")),
    "document.url": Told(mark("发表在网上的，写网址；没有的，不写"), "https://example.org/news/1"),
    "document.due": Told(mark("回应上级布置的哪一项；不是回应的，不写")),
    "claim.points": Told(mark("自己评的分；这一项与本支部无关的，不写，另写不适用的理由")),
    "claim.statement": Told(
        mark("做了什么，一两句话"), mark("一月制订计划，十二月完成总结。"), long=True
    ),
    "claim.evidence": Told(mark("本年度的哪些记录可以证明；往年仍然有效的材料也可以")),
    "claim.not_applicable": Told(
        mark("为什么与本支部无关；写了理由的，不写自评分"), mark("本支部未加入联合体"), long=True
    ),
    "bonus.id": Told(
        mark("这份自评里不重复：小写字母、数字、短横线；不写的，用下一个空着的编号"), "bonus-1"
    ),
    "bonus.rule": Told(mark("按考核办法所列的加分项选一项")),
    "bonus.level": Told(mark("按文件或奖项的级别选；没有列出的级别，先问党委")),
    "bonus.matter": Told(mark("同一事项在同一加分项下只计一次"), mark("市级先进基层党组织")),
    "bonus.date": Told(mark("表彰、发表或完成的日期")),
    "bonus.evidence": Told(mark("本年度的哪些记录可以证明")),
    "assessment.submitted": Told(mark("报送自评的日期"), "2025-12-10"),
}
#: Kind of record and key → how it is asked where answers are tapped and counts have a box each.
TAPPED = {
    "activity.type": mark("一次活动有几种的，都选上，仍算一次活动"),
    "activity.collective": mark("计作集中活动的选“是”"),
    "activity.joint_with": mark("和哪些支部一起开展的；对方也要选上本支部。没有的，不选"),
    "activity.attendance": mark("只写人数，不写姓名"),
    "document.due": mark("回应上级布置的哪一项；不是回应的，不选"),
    "claim.evidence": mark("本年度的哪些记录可以证明；往年仍然有效的材料也可以"),
}
