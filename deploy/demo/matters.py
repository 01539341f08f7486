"""What people bring to the demo's windows. Every sentence is invented; nobody real has said it."""

from dataclasses import dataclass

from shared.centre.pack import CentrePack


@dataclass(frozen=True, slots=True)
class Matter:
    category: str
    text: str
    weight: int = 2


MATTERS: tuple[Matter, ...] = (
    Matter("labour.wages.arrears", "厂里拖了三个月工资没有发，班组十来个人都没拿到。", 5),
    Matter("labour.wages.construction", "工地完工半年，木工班的工程款和工资一直没结清。", 4),
    Matter("labour.wages.overtime", "车间每天加班到晚上十点，加班费没有算进工资。"),
    Matter("labour.contract.unsigned", "在门店干了八个月，一直没有签劳动合同。"),
    Matter("labour.contract.dismissal", "公司口头通知不用来了，没有给经济补偿。"),
    Matter("labour.injury.recognition", "操作冲床时手指受伤，单位不肯申报工伤认定。", 3),
    Matter("labour.injury.benefits", "工伤鉴定已经出来，一次性伤残补助迟迟没有到账。"),
    Matter("labour.welfare.insurance", "单位断缴养老保险半年多，要求补缴。"),
    Matter("legal.aid.application", "想请律师帮忙讨要赔偿，家里困难，申请法律援助。", 3),
    Matter("legal.aid.advice", "借条写得不清楚，想问问该怎么起诉。"),
    Matter("legal.mediation.neighbours", "邻居砌围墙占了两家共用的过道，协商几次没有结果。", 3),
    Matter("legal.mediation.family", "兄弟几个对老人赡养的分摊谈不拢，请求调解。"),
    Matter("legal.mediation.confirmation", "村里已经调解好签了协议，想办司法确认。", 1),
    Matter("environment.noise.construction", "隔壁工地夜里十二点还在打桩，孩子睡不着。", 4),
    Matter("environment.noise.social", "广场上音响开得很大，每天跳舞到很晚。", 3),
    Matter("environment.air.dust", "渣土车进出不冲洗，路上扬尘很大。", 3),
    Matter("environment.air.fumes", "楼下烧烤店油烟直排，整栋楼都不敢开窗。", 3),
    Matter("environment.air.odour", "傍晚有刺鼻的异味，像是附近鞋材厂排出来的。"),
    Matter("environment.pollution.sewage", "水沟里的水发黑发臭，怀疑有人偷排污水。"),
    Matter("environment.pollution.dumping", "村口空地被人倾倒了好几车建筑垃圾。"),
    Matter("housing.property.service", "小区物业收了费却不打扫，楼道堆满杂物。", 4),
    Matter("housing.property.parking", "小区车位被锁起来高价出租，业主没有地方停车。"),
    Matter("housing.building.quality", "交房不到一年，外墙渗水，卧室墙面发霉。"),
    Matter("housing.building.danger", "老屋墙体开裂倾斜，旁边就是小学生上学的路。"),
    Matter("housing.building.illegal", "对面楼顶又在加盖一层，担心影响安全。", 3),
    Matter("housing.building.lifts", "电梯一个月困人三次，报修后还是老样子。", 3),
    Matter("housing.resettlement.delivery", "安置房说好去年交付，现在过渡费也停了。"),
    Matter("land.use.occupation", "有人在耕地上铺水泥搭棚，像是要办停车场。"),
    Matter("land.use.homestead", "宅基地建房审批交了材料半年，没有答复。"),
    Matter("city.order.stalls", "学校门口流动摊贩占了整条人行道。", 3),
    Matter("city.order.sanitation", "菜市场后面的垃圾两天没有清运。", 3),
    Matter("city.facilities.lighting", "村道的路灯坏了七八盏，晚上很黑。", 4),
    Matter("city.facilities.greening", "台风后路边的树倒了一半，压着电线。"),
    Matter("traffic.road.damage", "路面塌了一个坑，井盖也松了，电动车容易摔。", 4),
    Matter("traffic.order.parking", "大货车长期停在路口，转弯看不见来车。", 3),
    Matter("traffic.order.signals", "路口红绿灯配时太短，老人走到一半就变灯。"),
    Matter("traffic.transport.bus", "公交改线后要走两公里才有站，想加密班次。"),
    Matter("utility.water.outage", "连着三天晚上停水，白天水压也小。", 3),
    Matter("utility.water.drainage", "下水道堵塞，一下雨一楼就进水。", 3),
    Matter("utility.energy.power", "傍晚经常跳闸停电，冰箱里的东西都坏了。"),
    Matter("safety.fire.passages", "消防通道被私家车和杂物堵死了。", 3),
    Matter("safety.fire.hazards", "楼道里好几辆电动车通宵充电，很危险。", 3),
    Matter("safety.work.sites", "工地脚手架没有防护网，砖块掉到人行道上。"),
    Matter("consumer.goods.prepaid", "健身房突然关门，办的卡退不了钱。", 3),
    Matter("consumer.food.catering", "在餐馆吃到变质的海鲜，一家人都拉肚子。"),
    Matter("education.school.enrolment", "外地户口孩子上小学，不清楚学区怎么划。"),
    Matter("education.training.refunds", "培训班老板联系不上，剩下的课时费不退。"),
    Matter("livelihood.medical.insurance", "异地住院的医保报销卡了两个月。"),
    Matter("livelihood.aid.relief", "家里主要劳力生病住院，想申请临时救助。"),
    Matter("economy.enterprise.policy", "企业技改补贴公示结束了，资金一直没有拨付。"),
    Matter("help.urgent.weather", "暴雨积水，老人和小孩被困在一楼。"),
    Matter("help.daily.errands", "独居老人行动不便，想请人帮忙代办证件。"),
)


def matters_for(pack: CentrePack) -> tuple[Matter, ...]:
    """The sentences whose category this pack knows, and a plain one for each category nobody has written for."""
    known = tuple(matter for matter in MATTERS if pack.category(matter.category) is not None)
    written = {matter.category for matter in known}
    plain = (
        Matter(category.code, f"反映{category.name}方面的问题，希望尽快处理。", 1)
        for category in pack.leaf_categories
        if category.code not in written
    )
    return (*known, *plain)
