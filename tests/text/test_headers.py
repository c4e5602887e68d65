import pytest

from pipeline.records import Role
from pipeline.text.files.headers import assign_roles, meaning_of

R = Role
# Headers of eight operators' systems, by what they mean (invented values elsewhere, header names are facts).
OPERATORS = {
    R.COMPLAINT_ID: "客服流水号 工单流水号 工单流水 流水号 服务请求流水 省内工单编号 投诉编码 工单编号",
    R.ORDER_ID: "工单号 主工单流水号 GIS投诉流水号 EOMS单号 新客服流水号 集团工单编号 申诉工单编号",
    R.TEXT: "诉求描述 投诉内容 业务内容 受理内容 投/申诉内容 客户投诉描述 故障描述 客户请求内容",
    R.TITLE: "工单主题 工单标题 主题",
    R.LABEL_PATH: (
        "服务请求类别 服务请求全路径 服务请求1级节点类型 服务请求9级节点类型 服务请求类型名称 受理路径 "
        "新客服工单类型名称 投诉现象一级 投诉现象三级 产品一级 产品二级 业务类别 投诉类型 一级关键字 二级关键字 "
        "问题分类 问题细项 投诉节点类型"
    ),
    R.CLOSING_NOTE: (
        "处理意见 回复客服内容 初步回复内容 解决回复内容 最终处理结果 最后一次处理结果 归档内容 结单意见 处理备注 "
        "附加报结信息 退单附加说明 报结意见 处理过程 补充说明 解决措施附加说明 受理的情况（回复内容） 解决措施"
    ),
    R.ACCEPT_TIME: "受理时间 系统接单时间 工单建单时间 客服受理时间 工单创建时间 投诉时间 投诉立单时间",
    R.CLOSE_TIME: "结单时间 完成时间 结单日期 归档时间 解决回复时间",
    R.DUE_TIME: "整体时限时间 处理超时时限 客服要求回复时间 整单时限 工单承诺解决时间 预计解决时间",
    R.DISPATCH_TIME: "派单时间 首次转派时间",
    R.CONTACT_TIME: "首次联系用户时间",
    R.REPLY_TIME: "初步回复时间 反馈时间",
    R.CUSTOMER_NUMBER: "受理号码 主叫号码 被叫号码 业务号码 手机号码 计费号码 专线编号 投诉号码 账号",
    R.CONTACT_NUMBER: "联系电话",
    R.CUSTOMER_NAME: "用户姓名 客户名称 联系人姓名",
    R.TIER: "用户星级 客户级别 客户服务等级 VIP等级 集团等级 用户级别 重要客户 政企关键人 客户特殊身份 信用度星级数",
    R.HOME_REGION: "用户归属地 归属城市 受理号码归属地市 号码归属地 客户归属地",
    R.INCIDENT_REGION: "区域 投诉地市 所属地市 所属区县 所属区域 市场三级网格名称 网格 小区 责任管控渠道",
    R.PLACE: (
        "投诉地址 经度 纬度 确认经度 确认纬度 投诉点环境 详细地址 投诉区域小区覆盖 覆盖场景 主控小区ID "
        "主控小区名称 投诉标准地址 投诉点场景 投诉场景 行政场景 问题区域 宽带装机地址 客户故障地址 参考位置 "
        "投诉标识"
    ),
    R.CHANNEL: "受理渠道 受理方式 投诉途径 工单来源 工单受理渠道 立单部门",
    R.PRODUCT: "用户套餐 产品名称 主套餐名称 业务类型 网络制式 营销方案名称 手机品牌型号",
    R.CAMPAIGN: "用户参加的营销活动 业务/活动编码",
    R.HANDLER_GROUP: (
        "处理工作组 首处理工作组 协办工作组 反馈工作组 结束工作组 当前责任班组 处理班组 最后处理班组 受理班组 "
        "当前环节 办结单位"
    ),
    R.STAFF: (
        "处理人 首处理处理人 协办处理人 反馈处理人 结束处理人 立单工号 受理员工 结单人 报结人 质检人 "
        "APP处理人姓名 维护员 区域负责人 当前处理人"
    ),
    R.DEPARTMENT: "责任部门 责任归属部门 业务归属部门 问题责任归属 建议责任部门 投诉归因",
    R.CAUSE: (
        "责任原因 原因一级 原因五级 定性类别 工单定性 最终问题定性 问题类别 问题原因分类 投诉主因 解决分类措施 "
        "无法解决原因 投诉原因 故障真实原因 用户投诉原因 问题原因 需求痛点"
    ),
    R.AT_FAULT: "责任定性 客户投诉是否合理 是否有责扣罚 扣罚责任部门",
    R.SOLVED: (
        "解决程度 是否解决 问题解决结论 用户认为是否解决 问题是否解决 最终解决情况 解决后回访情况 解决情况 是否现场解决"
    ),
    R.SATISFACTION: (
        "工单满意度 短信回访满意度 客户回访满意度 满意度结果 用户是否满意 用户认为是否及时响应 客户满意测评 "
        "推荐意愿评分"
    ),
    R.DISSATISFACTION_REASON: "不满意原因 口碑未达情况原因 不推荐原因",
    R.ESCALATION_THREATENED: (
        "声称升级 投诉升级 是否升级倾向 是否媒体曝光倾向 是否高额赔偿 事态发展倾向 客户升级投诉倾向 升级预警"
    ),
    R.ESCALATED: "是否升级投诉 是否升级 升级投诉次数 是否申诉工单 30天越级投诉次数",
    R.TEMPLATE: "是否模板化申告 特定申告分类",
    R.IS_COMPLAINT: "是否投诉 工单类型 是否创建工单",
}
UNUSED = {
    "call": "呼叫流水号 录音流水号 回复录音流水号 录音流水",
    "duration": "处理时长 处理时长_含夜间 工单休眠时长（含夜间） 接触时长 首次咨询响应时长 反馈时长 故障处理时长",
    "overdue": "是否超时 超4小时时间 超时原因（10小时） 超时原因 延期原因",
    "other_time": "入库时间 统计日期 工单打回时间",
    "repeat": "是否重复投诉 累计重复投诉次数 前期10086投诉次数 重复次数 重复投诉次数 30天重复投诉次数 重复派单次数",
    "customer_age": "网龄 用户年龄 用户品牌",
    "sales_channel": "发展渠道 争议渠道一级 争议渠道三级",
    "revisit": "工单回访标志 是否已经回访 已答复客户",
    "appeal": "申诉状态 代客场景",
    "special": "疑难客户类型 特别诉求 是否敏感客户 特殊用户标识",
    "returned": "是否退单 退单原因 是否撤单重派 处理类型 转派次数 催单次数 客服落单质量",
    "serial": "序号",
}


@pytest.mark.parametrize(("role", "header"), [(role, h) for role, line in OPERATORS.items() for h in line.split()])
def test_headers_of_eight_operators_are_recognised(role, header):
    assert meaning_of(header).role is role


@pytest.mark.parametrize(("kind", "header"), [(kind, h) for kind, line in UNUSED.items() for h in line.split()])
def test_known_headers_without_a_role(kind, header):
    assert (meaning_of(header).role, meaning_of(header).kind) == (None, kind)


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("*投诉内容(必填)", R.TEXT),
        (" 投诉 内容 ", R.TEXT),
        ("【投诉内容】", R.TEXT),
        ("投訴內容", R.TEXT),
        ("投诉内容.1", R.TEXT),
        ("Complaint_ID", R.COMPLAINT_ID),
        ("ＩＤ", R.COMPLAINT_ID),
        ("客户信息-号码", R.CUSTOMER_NUMBER),
        ("争议金额（元）", R.FEE_CHANGE),
        ("留言主题", R.TITLE),
        ("留言详情", R.TEXT),
        ("留言时间", R.ACCEPT_TIME),
        ("留言用户", R.CUSTOMER_NUMBER),
        ("评论", R.TEXT),
        ("类别", R.LABEL),
        ("集团名称", R.ACCOUNT),
        ("联系人角色", R.CONTACT_ROLE),
        ("竞争对手", R.COMPETITOR),
    ],
)
def test_variants(header, role):
    assert meaning_of(header).role is role


@pytest.mark.parametrize("header", ["", "备用1", "河流", "()", "宽带断网两天没有人处理请尽快"])
def test_unknown_headers(header):
    assert meaning_of(header) is None


def test_every_role_has_synonyms():
    from pipeline.text.files.headers import _table

    assert {meaning.role for meaning in _table().meanings.values()} >= set(Role)


def test_priority_decides_and_names_the_rest():
    found = assign_roles(["工单流水号", "业务内容", "客服流水号", "工单号", "投诉内容"])
    assert found.roles[R.COMPLAINT_ID] == ("客服流水号",)
    assert found.roles[R.ORDER_ID] == ("工单号",)
    assert found.roles[R.TEXT] == ("投诉内容",)
    assert found.alternates == {R.COMPLAINT_ID: ("工单流水号",), R.TEXT: ("业务内容",)}


def test_levels_stay_together_and_personal_columns_are_all_kept():
    found = assign_roles(["投诉现象一级", "处理人", "投诉现象二级", "投诉类型", "结单人"])
    assert found.roles[R.LABEL_PATH] == ("投诉现象一级", "投诉现象二级")
    assert found.alternates[R.LABEL_PATH] == ("投诉类型",)
    assert found.roles[R.STAFF] == ("处理人", "结单人")
