"""What the form says of files, of drafts on the device, and of the ways out."""

from __future__ import annotations

from generator.text.language import mark

#: Attachments of a record.
FILES = {
    "hint": mark("照片自动缩小，并去掉拍摄地点；方案、记录等原样保留，只去掉作者等信息"),
    "pick": mark("选文件"),
    "shoot": mark("拍照"),
    "drop": mark("也可以把文件拖到这里"),
    "waiting": mark("等校验程序载入以后再看；在那以前先不要关闭这一页"),
    "stuck": mark("校验程序没有载入，这个文件还没有存下：请再试一次，或先不要关闭这一页"),
    "working": mark("正在处理"),
    "smaller": mark("{before} → {after}"),
    "drawn": mark("地点、时间已去掉"),
    "comma": mark("，"),
    "there": mark("已在仓库"),
    "take": mark("移去"),
    "take_name": mark("移去 {name}"),
    "taken": mark("已移去 {name}"),
    "back": mark("放回来"),
    "what": mark("{name} 是什么"),
    "unplaced": mark("请选它是什么"),
    "no_room": mark(
        "本机没有地方存这个文件了，它只在这一页里：先不要关闭，可以直接去“交出去”，或删掉别的东西再改一个字"
    ),
    "too_large": mark("这个文件 {size}，上限 {limit}，没有读入：请压缩，或分成几个"),
    "heic": mark(
        "这张照片是 HEIC 格式，这个浏览器打不开，没有加入。苹果手机：在“设置”的“相机”里"
        "点“格式”，选“兼容性最佳”，再拍一张；已经拍好的，打开照片截一张图，用截图"
    ),
    "unreadable": mark("这张图打不开，可能没有传完整，没有加入：请打开看看，截一张图再来"),
    "unread": mark(
        "读不了这个文件，没有加入：它可能是个文件夹，或者已经移走、改了名。请打开文件夹，选里面的文件"
    ),
    "refused": mark("这个文件不能用，没有加入，也没有存下"),
    "sheet": mark("用签到表（表格文件）代替"),
    "sheet_hint": mark("只取人数，姓名和表格都不留"),
    "reading": mark("正在数人数"),
}

#: Drafts on this device.
DRAFTS = {
    "empty": mark("草稿存在这台设备上，边填边存"),
    "saved": mark("草稿存在这台设备上，{time} 存好"),
    "memory": mark("这个浏览器不肯存东西（可能是无痕模式）：关掉这一页，填的就没有了，请一次填完"),
    "newer": mark("网站在这期间更新过，这一页存不了草稿了：先交出去，或记下来，再刷新这一页"),
    "full": mark(
        "这台设备存不下了，刚填的还没有存好。都还在这一页里：先不要关闭，可以直接去“交出去”，也可以把它存成文件；"
        "腾出地方以后再改一个字，就会重新存"
    ),
    "unsaved": mark("刚填的没有存好。都还在这一页里：先不要关闭，可以把它存成文件"),
    "stale": mark("这份草稿在别的标签页里改过或扔掉了，这里填的还没有存：两边都不会丢，请选一样"),
    "rescue": mark("存成文件"),
    "rescued": mark("已存成文件；在“新增”下面点“取回存成文件的草稿”，就能接着填"),
    "back": mark("取回存成文件的草稿"),
    "not_back": mark("这不是这个支部这一年度存下的草稿，没有取回。草稿文件是一个 .zip，不要解开"),
    "back_without": mark("草稿取回来了；这些附件不能用，没有取回：{names}"),
    "copy": mark("这里的另存一份"),
    "theirs": mark("用那一边的"),
    "elsewhere": mark("这份草稿正在另一个标签页里填，为了不互相盖掉，这里先不能填"),
    "given": mark("这份草稿转到另一个标签页里填了，这里填的都已存好"),
    "take": mark("转到这里填"),
    "discard": mark("扔掉草稿"),
    "ask": mark("扔掉这份草稿？"),
    "ask_files": mark("扔掉这份草稿和 {n} 个附件？"),
    "throw": mark("扔掉"),
    "stay": mark("留着"),
    "thrown": mark("草稿已扔掉"),
    "undo": mark("撤销"),
    "undone": mark("草稿回来了"),
    "undo_failed": mark("放不回来：这台设备存不下了。先不要关闭这一页，腾出地方再点一次“撤销”"),
    "data_changed": mark(
        "这份草稿是按 {was} 的数据填的，现在是 {now} 的数据，已按现在的重新核对；草稿没有动"
    ),
    "record_changed": mark(
        "{was} 以后，这份记录在仓库里改过，有 {n} 处和您填的不同。草稿没有动，请逐处看一看"
    ),
    "record_gone": mark(
        "{was} 以后，这份记录在仓库里已经没有了。草稿没有动；要继续报，就当作新的一份交"
    ),
    "values": mark("原来：{was}；现在：{now}；您填的：{mine}"),
    "blank": mark("（空）"),
    "comma": mark("、"),
    "use_now": mark("用现在的"),
    "keep_mine": mark("保留我填的"),
    "used_now": mark("已换成现在的"),
    "kept_mine": mark("保留了您填的"),
    "seen": mark("知道了"),
}

#: The ways out of the page, and into it for a file that may not be seen whole.
HAND = {
    "comma": mark("、"),
    "ways": mark("怎样交"),
    "package": mark("存成一个包，发给办公室"),
    "package_how": mark("微信、邮件、U 盘都可以；办公室导入后给您回执"),
    "package_share": mark("存下来再发，或直接从这里分享到微信、邮件；办公室导入后给您回执"),
    "save": mark("存包"),
    "share": mark("分享"),
    "making": mark("正在打包"),
    "failed": mark("包没有做成：请再试一次；还不行的，回去修改，再来一次"),
    "unwritten": mark("没有写成：请换一个文件夹，或改用下载"),
    "share_again": mark("包做好了，请再点一次“分享”"),
    "saved": mark("包存好了，还没有交出去"),
    "name": mark("文件"),
    "size": mark("大小"),
    "digest": mark("校验码"),
    "made": mark("做成的日期"),
    "next": mark(
        "手机上一般在“文件”或“下载”里。现在把它发给办公室；办公室收到的那一天算报送的日期，不是今天。回执上的校验码应与这里的一样。"
    ),
    "answer": mark("办公室收下以后，结果在这里看："),
    "card": mark("本支部的评分卡"),
    "lacking": mark("还缺什么"),
    "drafts_stay": mark("草稿还留在这台设备上，发现漏了还能改。公用的电脑，交完请清掉。"),
    "clear": mark("清掉草稿"),
    "cleared": mark("清掉了 {n} 份草稿"),
    "forge": mark("自己在 {name} 网页上传"),
    "forge_how": mark("要有登记过的账号；在电脑上打开上传页，把文件拖进去"),
    "show_steps": mark("看步骤"),
    "get_folder": mark("存到一个文件夹"),
    "get_zip": mark("下载文件夹（zip）"),
    "folder_written": mark("存好了，在您选的地方，文件夹叫 {folder}"),
    "folder_zip": mark("已下载 {folder}.zip，先解压"),
    "whole": mark(
        "这份记录有一部分不公开，网页上看不到。要改它，先取本支部自己的原文件，免得把看不到的弄丢"
    ),
    "whole_how": mark("从仓库下载，或用自己存着的、办公室发来的同名文件，也可以用报送包："),
    "whole_pick": mark("选原文件"),
    "whole_open": mark("在 {name} 打开"),
}

GROUPS = {"files": FILES, "drafts": DRAFTS, "hand": HAND}
