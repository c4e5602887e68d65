"""Invented personal data in invented complaints, and harmless figures in others. No real person, number or place."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.text.privacy import Kind


@dataclass(frozen=True)
class Planted:
    """A sentence with one planted value."""

    kind: Kind
    value: str
    text: str


# a frame belongs to one kind, because a value needs the words that stand around it in real work orders
FRAMES: dict[Kind, tuple[str, ...]] = {
    Kind.PHONE: (
        "客户来电反映号码{}上月被多扣129元，要求退费。",
        "我的手机号是{}，从昨天晚上8点开始没有信号",
        "用户{}投诉宽带三天没人上门，催了2次",
        "联系电话：{}，请尽快回电",
        "机主本人来电（{}），称不知情开通了来电显示",
        "你们打这个{}吧，我白天都在",
        "短信发到{}了但是收不到验证码",
        "受理号码:{} 投诉内容:流量用不完不能结转",
        "尾款没退，加我{}，姓什么不重要",
        "主卡{}副卡停机了，100M宽带也断了",
    ),
    Kind.LANDLINE: (
        "家里座机{}打不通，拨10000也没人管",
        "固话{}有杂音，报修两次了",
        "请回电{}，我们上班时间都在",
        "单位电话：{}，2019年装的",
        "联系方式{}，节假日打手机",
        "固定电话{}，月租25元要求销户",
    ),
    Kind.ID_CARD: (
        "身份证号码{}，名下多了一张卡",
        "证件号：{}，实名登记不是我",
        "我的身份证是{}你们核对一下",
        "用户提供身份证{}办理过户被拒",
        "机主证件号码为{}，营业厅说查不到",
        "身份证号{}，要求注销2个副卡",
    ),
    Kind.BANK_CARD: (
        "退款请退到银行卡{}，等了7天没到账",
        "卡号{}，建设银行，退费98元",
        "我的储蓄卡号是{}被自动扣了两次话费",
        "退到这张卡：{}，不要再退话费",
        "银行卡号：{} 开户行工商银行",
    ),
    Kind.EMAIL: (
        "电子发票请发到{}，催了三次",
        "邮箱{}收不到账单",
        "把录音发我邮箱：{}。",
        "发票抬头写公司，寄{}，谢谢",
        "E-mail是{},5月账单没有收到",
    ),
    Kind.PLATE: (
        "你们装维车辆{}堵住小区门口半小时",
        "施工车车牌{}压坏了绿化带",
        "ETC绑定{}扣费翻倍，要求退30元",
        "车牌号是{}，停车费被代扣",
        "看到一辆{}的工程车把光缆挂断了",
    ),
    Kind.BROADBAND: (
        "宽带账号{}，晚上7点后网速只有2M",
        "我的宽带账号是{}一直显示691错误",
        "上网账号：{}，密码忘了要求重置",
        "宽带号{}断网三天，光猫亮红灯",
        "账号{}拨号失败，报修没有人来",
        "宽带帐号为{}，要求移机到新房子",
    ),
    Kind.IMSI: ("用户IMSI：{}，VoLTE注册失败", "后台查IMSI号{}未上报位置", "IMSI为{}，请核查开通状态"),
    Kind.ICCID: ("卡的ICCID是{}，补换卡不成功", "物联网卡{}流量异常", "SIM卡卡号{}无法激活，等了24小时"),
    Kind.IMEI: ("手机串号{}被列入黑名单", "IMEI:{}，合约机保修", "终端IMEI号{}，5G开关打不开"),
    Kind.NUMBER: (
        "工单号{}，已经过了48小时没人联系",
        "之前的投诉单号是{}，处理结果不认可",
        "订单号：{}，商城买的手机没发货",
        "流水号{}，扣款99元不知情",
        "合同编号{}写的是24个月",
        "我查了受理编号{}，还在处理中",
        "投诉流水：{}，回复不满意",
    ),
    Kind.ADDRESS: (
        "装机地址：杭州市西湖区文三路{}，等了10天",
        "阳光花园{}没有宽带端口",
        "家住幸福小区{}，4G信号只有一格",
        "我们锦绣江南{}一直没人上门修",
        "地址是青山镇和平街{}，光猫坏了",
        "用户住在碧水云天{}，要求今天上门",
        "报修地址人民大道{}，晚上断网",
    ),
    Kind.NAME: (
        "联系人：{}，下午在家",
        "客户姓名{}，套餐被改成199元",
        "我叫{}，投诉你们营业厅",
        "机主{}，要求销户",
        "联系人{}电话晚上打不通",
        "户主是{}，房子租给别人了",
        "经办人：{}；办理时间2019年3月7日",
    ),
    Kind.BIRTH: (
        "客户{}出生，问能不能办老年套餐",
        "出生日期{}，系统里登错了",
        "出生年月：{}，2023年5月入的网",
        "我父亲是{}生人，不会用手机",
        "申请人男，{}生，2021年起用你们的宽带",
    ),
}

_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯曹彭曾蒋潘袁董余叶程苏魏吕丁任卢姚钟姜"
_GIVEN = "伟 芳 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 超 建国 志强 桂兰 玉梅 晓东 子涵 梓萱 文博 雨桐 春生 海燕"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def phone(rng: random.Random) -> str:
    head, middle, tail = f"1{rng.choice('3456789')}{_digits(rng, 1)}", _digits(rng, 4), _digits(rng, 4)
    plain = head + middle + tail
    spoken = plain.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))
    wide = plain.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    forms = [f"{head} {middle} {tail}", f"{head}-{middle}-{tail}", f"+86{plain}", f"+86 {head}-{middle}-{tail}"]
    return rng.choice([*[plain] * 6, *forms, f"86{plain}", f"0{plain}", wide, spoken, spoken.replace("幺", "一")])


def landline(rng: random.Random) -> str:
    area = rng.choice(["010", "021", "0571", "0755", "0731", "028"])
    local = rng.choice("2345678") + _digits(rng, 7)
    forms = [
        f"{area}-{local}",
        f"{area}{local}",
        f"({area}){local}",
        f"（{area}）{local[:4]} {local[4:]}",
        f"{area} {local}",
    ]
    return rng.choice([*forms, f"{area}-{local[:4]}-{local[4:]}", f"{area}-{local[:7]}"])


def id_card(rng: random.Random) -> str:
    region = rng.choice(["110105", "330106", "440305", "430102", "510104"])
    day = f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    modern = f"{region}{rng.randint(1945, 2008)}{day}{_digits(rng, 3)}"
    spaced = f"{modern[:6]} {modern[6:14]} {modern[14:]}{_digits(rng, 1)}"
    return rng.choice(
        [
            modern + _digits(rng, 1),
            modern + "X",
            modern + "x",
            spaced,
            f"{region}{rng.randint(45, 99)}{day}{_digits(rng, 3)}",
        ]
    )


def bank_card(rng: random.Random) -> str:
    plain = rng.choice(["6222", "6217", "6228", "4367", "5288"]) + _digits(rng, 12)
    longer = rng.choice(["6222", "6217"]) + _digits(rng, 15)
    grouped = " ".join(plain[at : at + 4] for at in range(0, 16, 4))
    return rng.choice([plain, longer, grouped, grouped.replace(" ", "-"), f"{grouped} {_digits(rng, 3)}"])


def email(rng: random.Random) -> str:
    user = rng.choice(["zhang.wei", "li_na88", "wq2008", "sunny-day", _digits(rng, 9), "Chen.J"])
    return user + "@" + rng.choice(["qq.com", "163.com", "126.com", "example.com.cn", "mail.example.org", "139.com"])


def plate(rng: random.Random) -> str:
    start = rng.choice("京沪粤浙湘川鲁苏") + rng.choice("ABCDEFGH")
    mixed = f"{_digits(rng, 2)}{rng.choice('QXY')}{_digits(rng, 2)}"
    body = rng.choice([_digits(rng, 5), rng.choice("KLMN") + _digits(rng, 4), mixed])
    return rng.choice([start + body, start + "D" + _digits(rng, 5), f"{start}·{body}", f"{start} {body}"])


def broadband(rng: random.Random) -> str:
    return rng.choice(
        [
            f"0571{_digits(rng, 8)}@16900.gd",
            f"gdsz{_digits(rng, 8)}",
            f"kd_{_digits(rng, 9)}",
            f"0755{_digits(rng, 8)}",
            f"hz{_digits(rng, 8)}@163.zj",
            f"ad{_digits(rng, 8)}",
        ]
    )


def number(rng: random.Random) -> str:
    return rng.choice(
        [
            _digits(rng, 8),
            f"2019{_digits(rng, 12)}",
            f"YD{_digits(rng, 12)}",
            f"{rng.randint(1, 9)}{_digits(rng, 11)}",
            f"TS-2020-{_digits(rng, 5)}",
        ]
    )


def address(rng: random.Random) -> str:
    building, unit, room = rng.randint(1, 60), rng.randint(1, 4), rng.randint(101, 2902)
    return rng.choice(
        [
            f"{building}栋{unit}单元{room}室",
            f"{building}幢{room}",
            f"{building}号楼{unit}单元{room}",
            f"{building}座{room}室",
            f"{building}-{unit}-{room}",
            f"{rng.choice('ABC')}座{room}房",
            f"{building}#{room}",
        ]
    )


def street_number(rng: random.Random) -> str:
    house = f"{rng.randint(1, 900)}号"
    return rng.choice(
        [house, f"{house}{address(rng)}", f"{rng.randint(10, 900)}弄{rng.randint(1, 60)}号{rng.randint(101, 902)}室"]
    )


def name(rng: random.Random) -> str:
    return rng.choice([*_FAMILY, "欧阳", "诸葛", "上官"]) + rng.choice(_GIVEN.split())


def birth(rng: random.Random) -> str:
    year, month, day = rng.randint(1935, 2012), rng.randint(1, 12), rng.randint(1, 28)
    forms = (
        f"{year}年{month}月{day}日",
        f"{year}.{month:02}.{day:02}",
        f"{year}-{month:02}-{day:02}",
        f"{year}年{month}月",
    )
    return rng.choice(forms)


MAKERS: dict[Kind, Callable[[random.Random], str]] = {
    Kind.PHONE: phone,
    Kind.LANDLINE: landline,
    Kind.ID_CARD: id_card,
    Kind.BANK_CARD: bank_card,
    Kind.EMAIL: email,
    Kind.PLATE: plate,
    Kind.BROADBAND: broadband,
    Kind.IMSI: lambda rng: rng.choice(["46000", "46001", "46011"]) + _digits(rng, 10),
    Kind.ICCID: lambda rng: "8986" + _digits(rng, rng.choice([15, 16])),
    Kind.IMEI: lambda rng: rng.choice(["86", "35"]) + _digits(rng, 13),
    Kind.NUMBER: number,
    Kind.ADDRESS: address,
    Kind.NAME: name,
    Kind.BIRTH: birth,
}

# odd forms written by hand: (kind, value, sentence)
BY_HAND: tuple[Planted, ...] = tuple(
    Planted(kind, value, text.format(value))
    for kind, value, text in (
        (Kind.PHONE, "幺三五零零一二三四五六", "您好我手机号是{}对一直没信号"),
        (Kind.PHONE, "138.0013.8000", "电话{}。"),
        (Kind.PHONE, "(+86)13800138000", "打我{}"),
        (Kind.PHONE, "139 001 38000", "联系号码{}，晚上打"),
        (Kind.NUMBER, "八八六六七七九九", "座机是{}这个"),
        (Kind.LANDLINE, "8888-1234", "电话{}白天有人"),
        (Kind.LANDLINE, "66881234", "座机{}没有声音"),
        (Kind.ID_CARD, "330106901301123", "身份证{}（老证）"),
        (Kind.NUMBER, "H20881", "工号{}的客服态度差"),
        (Kind.NUMBER, "8821", "工号{}挂我电话"),
        (Kind.NUMBER, "6688", "{}号客服说给我退费，一直没退"),
        (Kind.NUMBER, "284210953", "加QQ{}发截图"),
        (Kind.NUMBER, "lan_tian88", "微信号{}，加我说"),
        (Kind.NUMBER, "606353", "验证码：{}，是谁在办我的业务"),
        (Kind.NUMBER, "a1b2c3d4", "服务密码是{}登不上"),
        (Kind.NUMBER, "1234567890123", "这个{}一直扣费"),
        (Kind.ADDRESS, "3组12号", "青山镇石桥村{}没有信号"),
        (Kind.ADDRESS, "三栋二单元五零一室", "幸福小区{}断网"),
        (Kind.ADDRESS, "501室", "我家{}信号差，3楼以上都这样"),
        (Kind.ADDRESS, "168弄5号", "浦东新区桃花路{}光缆断了"),
        (Kind.ADDRESS, "88号", "解放街{}门面房装不了宽带"),
        (Kind.ADDRESS, "2单元601", "春风里小区5号楼{}"),
        (Kind.NAME, "李", "{}先生来电要求退订"),
        (Kind.NAME, "王", "安装的{}师傅迟到两小时"),
        (Kind.NAME, "方", "找了{}经理也没解决"),
        (Kind.NAME, "欧阳", "{}女士说流量不清零"),
        (Kind.NAME, "高", "{}先生说断网"),
        (Kind.NAME, "陈建国", "{}先生投诉资费"),
        (Kind.NAME, "古丽·买买提", "客户姓名：{}，宽带移机"),
        (Kind.NAME, "张伟", "我是{}，号码停机了"),
        (Kind.NAME, "刘芳", "本人{}，身份证在营业厅登记"),
        (Kind.NAME, "赵", "我姓{}，下午打给我"),
    )
)


def planted(each: int = 45, seed: int = 20) -> list[Planted]:
    """Return every hand-written value and ``each`` generated ones of every kind."""
    rng = random.Random(seed)
    made = list(BY_HAND)
    for kind, frames in FRAMES.items():
        for turn in range(each):
            frame = frames[turn % len(frames)]
            maker = (
                street_number if kind is Kind.ADDRESS and any(end + "{" in frame for end in "路街道") else MAKERS[kind]
            )
            value = maker(rng)
            made.append(Planted(kind, value, frame.format(value)))
    return made


_FIGURE_FRAMES = (
    "本月账单{}，比上月多，要求核实",
    "客户来电反映{}的事情一直没有解决",
    "从{}开始就这样，打了3次电话",
    "营业员当时说的是{}，现在不承认",
    "我收到的短信里写着{}，是不是骗人的",
    "投诉{}，回复不满意",
    "关于{}，你们给个说法",
    "宽带报修，{}，没有人来",
    "办理的时候{}，合同上也有",
    "号码停机前{}，要求赔偿",
)
# a low line stands for a blank inside one figure
_FIGURES_WRITTEN = """
129元 1,299.00元 3000块 0.5元 ￥299 299.9元 12000元 1000000元 100多块 1万元 20190元 ￥12345.67
123456789元 2019年3月7日 2019-03-07 2019/3/7 20190307 2019-03-07_17:18:50 2019年3月7日17时18分 3月7号
17:18 8点30分 201903 20190307171850 2019.3.7 19年12月 1月1日至12月31日 10086 10000 10010 10001
12345 12300 12315 12381 110 10099 95588 4008208820 400-820-8820 400-8888-666 800-820-8820
1008611 0571-10086 5G畅享129元 99元套餐 1000M宽带 300Mbps 200G流量 5G畅享套餐199元档 全家享169元 2M网速 HG8245
MATE60 iPhone15 EG8145V5 95% 3.5% V2.0.1 版本10.0.1 2019年 3楼没信号 12楼 5号楼没有覆盖 7栋8栋都没网 B座 18层
2号线地铁上 3室2厅 48小时 24个月 1000分钟 100条短信 每月20日 第3次 2.4GHz 192.168.1.1 -110dBm 1065开头的短信
138****5678 1380013****
"""
FIGURES = tuple(_FIGURES_WRITTEN.split())


def harmless(seed: int = 21) -> list[str]:
    """Return sentences with amounts, dates, hotlines and packages and nothing personal."""
    rng = random.Random(seed)
    frames = [rng.sample(_FIGURE_FRAMES, 5) for _ in FIGURES]
    return [
        frame.format(figure.replace("_", " "))
        for figure, chosen in zip(FIGURES, frames, strict=True)
        for frame in chosen
    ]


WORDS_THAT_ARE_NO_NAMES = (
    "客户经理一直不回电话",
    "大堂经理态度很差",
    "装维师傅没有来",
    "维修师傅说要换光猫",
    "请师傅尽快上门",
    "多位女士在营业厅排队",
    "老师傅说线路老化",
    "对方经理推脱，项目经理也不管",
    "安装师傅乱收费，任何先生女士都不能这样",
    "联系人电话没人接",
    "机主本人要求销户",
    "我是江苏的用户，我是黄金会员",
    "本人于昨日办理，本人常年在外",
    "姓名不符不能过户",
    "联系人何时能联系我",
    "小区经理不在，片区经理换了",
    "物业经理不让装",
    "夜间施工，请师傅来",
    "康师傅搞活动送流量",
)

# written after the patterns, in other words than the frames above; before any repair 37 of these 40 were found
HELD_OUT: tuple[Planted, ...] = tuple(
    Planted(kind, value, text.format(value))
    for kind, value, text in (
        (Kind.PHONE, "13900139000", "昨晚给{}充了50元，到现在没到账，查了10086说系统忙"),
        (Kind.PHONE, "186 0000 1234", "本机{}漫游到国外没法上网"),
        (Kind.PHONE, "一八九零零零零一二三四", "对就是{}这个卡帮我看一下"),
        (Kind.PHONE, "+8615912345678", "副号{}被停了，主号正常"),
        (Kind.PHONE, "177-7777-0001", "老人用的{}；被开通了彩铃6元"),
        (Kind.PHONE, "１９８０００１２３４５", "号码为{}的用户来电咨询携号转网"),
        (Kind.LANDLINE, "0755-2345678", "公司总机{}单通"),
        (Kind.LANDLINE, "020 8765 4321", "传真线{}一直占线"),
        (Kind.LANDLINE, "(0373)5551234", "农村固话{}雷击后坏了一个月"),
        (Kind.LANDLINE, "6543210", "家里电话{}要拆机，押金200元不退"),
        (Kind.ID_CARD, "110101198001011234", "本人证件{}被冒名开卡3张"),
        (Kind.ID_CARD, "44030619991231004x", "实名信息 {} 与系统不一致"),
        (Kind.ID_CARD, "510101 19750505 0012", "过户需要的身份证：{}"),
        (Kind.BANK_CARD, "6228480402564890018", "把退费打到农行{}"),
        (Kind.BANK_CARD, "6217 0000 1111 2222 333", "收款账号 {} 户名同机主"),
        (Kind.EMAIL, "wo_de.youxiang@foxmail.com", "电子账单发送至{}但始终没有"),
        (Kind.EMAIL, "a12345@vip.163.com", "回复请抄送{}，谢谢"),
        (Kind.PLATE, "鄂A8Z66X", "贵公司{}面包车挂断我家网线"),
        (Kind.PLATE, "京AF12345", "新能源车{}的车载流量卡失效"),
        (Kind.BROADBAND, "zjhz0099887766", "宽带用户名{}，千兆测速只有200M"),
        (Kind.BROADBAND, "02088887777@163.gd", "LAN接入{}认证超时"),
        (Kind.BROADBAND, "057112345678", "宽带（{}）已经续费1年还是提示欠费"),
        (Kind.IMSI, "460015678901234", "信令显示{}附着失败"),
        (Kind.ICCID, "89860318245900012345", "新卡背面编号{}，激活失败"),
        (Kind.IMEI, "352099001761481", "手机IMEI是{}，机卡锁定"),
        (Kind.NUMBER, "20200315889977", "上次的工单{}直接被关掉了"),
        (Kind.NUMBER, "GD10293847", "查询快递单号{}显示未揽收"),
        (Kind.NUMBER, "03571", "{}号话务员把电话挂了"),
        (Kind.NUMBER, "ZW0618", "工号是{}的营业员不给办销户"),
        (Kind.NUMBER, "88001122", "加我扣扣{}传录音"),
        (Kind.NUMBER, "T2021070500123", "已有投诉编号：{}，第二次反映"),
        (Kind.ADDRESS, "12号院3号楼2门601", "朝阳路{}光猫掉线"),
        (Kind.ADDRESS, "9栋1单元1104", "恒星国际{}宽带移机拖了半个月"),
        (Kind.ADDRESS, "七号楼三单元二零二", "我住金桂园{}，3楼以下没信号"),
        (Kind.ADDRESS, "26弄8号602室", "田园路{}，投诉装维人员"),
        (Kind.ADDRESS, "5组", "柳树乡大坝村{}18号附近信号塔坏了"),
        (Kind.NAME, "蒋文静", "用户蒋文静女士表示不知情".replace("蒋文静", "{}")),
        (Kind.NAME, "余海", "你们的装维{}师傅收了我80块钱没有票"),
        (Kind.NAME, "司马青", "登记人：{}（房东）"),
        (Kind.NAME, "彭丽", "我叫{}宽带坏了三天"),
    )
)
