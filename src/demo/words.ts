/** Words that Chinese customer lists are made of. Characters of names carry their reading, for addresses of mail. */

const pairs = (text: string): { word: string; reading: string }[] =>
  text.split(' ').map((pair) => {
    const [, word = '', reading = ''] = /^(\P{ASCII}+)(\w+)$/u.exec(pair) ?? [];
    return { word, reading };
  });

/** In order of frequency (names registered in 2021, Ministry of Public Security). */
export const SURNAMES = pairs(
  '王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lv 苏su 卢lu 蒋jiang 蔡cai 贾jia 丁ding 魏wei 薛xue 叶ye 阎yan 余yu 潘pan 杜du 戴dai 夏xia 钟zhong 汪wang 田tian 任ren 姜jiang 范fan 方fang 石shi 姚yao 谭tan 廖liao 邹zou 熊xiong 金jin 陆lu 郝hao 孔kong 白bai 崔cui 康kang 毛mao 邱qiu 秦qin 江jiang 史shi 顾gu 侯hou 邵shao 孟meng 龙long 万wan 段duan 雷lei 钱qian 汤tang 尹yin 黎li 易yi 常chang 武wu 乔qiao 贺he 赖lai 龚gong 文wen 欧阳ouyang 上官shangguan 诸葛zhuge 司马sima',
);

export const GIVEN = pairs(
  '伟wei 芳fang 娜na 敏min 静jing 丽li 强qiang 磊lei 军jun 洋yang 勇yong 艳yan 杰jie 娟juan 涛tao 明ming 超chao 秀xiu 霞xia 平ping 刚gang 桂gui 英ying 华hua 玉yu 兰lan 红hong 文wen 建jian 国guo 志zhi 鹏peng 宇yu 浩hao 然ran 子zi 涵han 欣xin 怡yi 梓zi 轩xuan 博bo 雅ya 晨chen 曦xi 思si 远yuan 嘉jia 诚cheng 俊jun 凯kai 雪xue 梅mei 海hai 燕yan 春chun 生sheng 德de 福fu 永yong 康kang 佳jia 琪qi 婷ting 颖ying 慧hui 莹ying 璐lu 瑶yao 倩qian 彬bin 斌bin 峰feng 飞fei 辉hui 波bo 龙long 亮liang 东dong 林lin 少shao 振zhen 成cheng 立li 新xin 光guang 庆qing 松song 瑞rui 泽ze 铭ming 昊hao 睿rui 翔xiang 旭xu 淑shu 珍zhen 莉li 萍ping 蓉rong 彤tong 晓xiao 一yi 诺nuo 雨yu 桐tong',
);

export const BRAND = pairs(
  '安an 邦bang 博bo 昌chang 晨chen 诚cheng 创chuang 达da 德de 鼎ding 东dong 凡fan 丰feng 福fu 富fu 高gao 冠guan 光guang 广guang 国guo 海hai 豪hao 浩hao 和he 恒heng 弘hong 宏hong 鸿hong 华hua 辉hui 汇hui 慧hui 嘉jia 佳jia 建jian 江jiang 金jin 锦jin 晶jing 景jing 巨ju 凯kai 康kang 科ke 朗lang 力li 利li 联lian 龙long 隆long 美mei 名ming 明ming 宁ning 普pu 齐qi 启qi 千qian 强qiang 庆qing 泉quan 仁ren 荣rong 瑞rui 森sen 尚shang 盛sheng 世shi 顺shun 思si 泰tai 腾teng 天tian 通tong 万wan 威wei 伟wei 文wen 祥xiang 新xin 鑫xin 兴xing 星xing 旭xu 亚ya 阳yang 耀yao 益yi 永yong 优you 元yuan 远yuan 悦yue 云yun 泽ze 展zhan 振zhen 正zheng 志zhi 智zhi',
);

/** Industry of GB/T 4754, its weight, and what firms of it call their trade. */
export const TRADES: { industry: string; weight: number; words: string[] }[] = (
  '软件和信息技术服务业 12 科技,信息技术,软件,网络科技,信息科技,数据科技,智能科技,系统集成|互联网和相关服务 5 网络,互联网科技,电子商务,数字科技|批发业 14 贸易,商贸,供应链管理,进出口贸易,实业,物资,建材,五金|零售业 6 百货,商业,连锁,超市,家居|' +
  '专用设备制造业 5 机械,机械设备,装备制造,自动化设备,模具|通用设备制造业 5 机电,泵业,轴承,阀门,压缩机|电气机械和器材制造业 5 电气,电器,电缆,照明,新能源|计算机、通信和其他电子设备制造业 5 电子,电子科技,光电,通信设备,半导体|金属制品业 4 金属制品,五金制品,钢结构,不锈钢|汽车制造业 3 汽车零部件,汽配,汽车科技|' +
  '化学原料和化学制品制造业 3 化工,新材料,涂料,精细化工|橡胶和塑料制品业 3 塑胶,塑料制品,橡塑,包装材料|医药制造业 3 医药,生物科技,制药,生物医药|食品制造业 4 食品,食品科技,调味品,乳业|农副食品加工业 3 粮油,农产品,水产,肉业|纺织服装、服饰业 4 服饰,服装,针织,制衣|纺织业 2 纺织,印染,家纺|家具制造业 2 家具,木业,办公家具|' +
  '房屋建筑业 4 建设,建筑工程,建设工程|建筑装饰、装修和其他建筑业 4 装饰工程,装饰设计,幕墙工程|土木工程建筑业 2 市政工程,路桥工程,园林绿化|道路运输业 4 物流,运输,货运|装卸搬运和仓储业 2 仓储,冷链物流|餐饮业 4 餐饮管理,餐饮,餐饮服务|住宿业 2 酒店管理,酒店|房地产业 4 房地产开发,置业,物业管理,物业服务|商务服务业 6 企业管理,企业管理咨询,广告,人力资源,会展服务,投资管理|' +
  '专业技术服务业 4 检测技术,工程设计,工程咨询,测绘|科技推广和应用服务业 4 环保科技,节能科技,技术服务|教育 4 教育科技,教育咨询,培训|卫生 3 医疗器械,医疗管理,健康管理|文化艺术业 3 文化传播,文化传媒,文化发展|娱乐业 1 文旅,游乐设备|农业 3 农业科技,农业发展,种业|货币金融服务 1 融资租赁,小额贷款'
)
  .split('|')
  .map((line) => {
    const [industry = '', weight = '', words = ''] = line.split(' ');
    return { industry, weight: Number(weight), words: words.split(',') };
  });

/** Legal forms, the commonest first. */
export const FORMS = ['有限公司', '有限责任公司', '股份有限公司', '集团有限公司', '（集团）有限公司'];

const list = (text: string): string[] => text.split(' ');

export const ROADS = list(
  '人民路 中山路 解放路 建设路 新华路 和平路 文化路 胜利路 长江路 黄河路 北京路 南京路 青年路 工业大道 科技路 创新大道 滨江路 湖滨路 学府路 迎宾大道 光明路 朝阳路 幸福路 友谊路 团结路 高新大道 软件大道 金融街 世纪大道 深南大道 环城北路 环城南路 振兴路 兴业路 富民路 园区大道',
);
export const BUILDINGS = list(
  '创新大厦 科技园 国际广场 商务中心 财富中心 时代广场 软件园 创业园 金融中心 环球中心 世贸大厦 工业园 产业园 万达广场 中心大厦 银座大厦',
);
export const TITLES = list(
  '总经理 采购经理 采购主管 销售总监 副总经理 行政经理 财务经理 财务总监 技术总监 项目经理 市场总监 市场经理 运营总监 厂长 采购专员 办公室主任 店长 董事长 人事经理 IT经理',
);
export const HOSTS = list('163.com qq.com 126.com sina.com foxmail.com');
export const MOBILE = list(
  '134 135 136 137 138 139 150 151 152 157 158 159 182 183 187 188 130 131 132 155 156 185 186 133 153 180 181 189 199 177',
);
export const SOURCES = list('客户介绍 官网 展会 广告 社交媒体 主动开发 电商平台 渠道伙伴 招投标 其他');

export const REMARKS = [
  '对价格比较敏感，等年底预算',
  '老客户介绍，付款及时',
  '需要先寄样品，质检通过后下单',
  '去年合作过一次，后来换了采购',
  '关注售后响应速度',
  '总部在外地，合同要走集团审批',
  '微信联系更方便，白天常开会',
  '今年计划扩建二期，设备需求大',
  '对接人已换，待核实新联系人电话',
  '要求开 13% 专票，账期 60 天',
  '竞争对手是本地一家老牌供应商',
  '展会上留了名片，意向明确',
];
