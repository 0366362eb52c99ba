"""What is not the article goes as whole lines, at head or tail only.

Two sources of knowledge. **Lists**: patterns of whole lines per language, below, for what
publishers of that language put around an article (comments, sharing, newsletter, rights,
related reading, apps). **Repetition**: a line that stands at the head or tail of several
articles of one source is that source's furniture; it needs no list and no language.
What stands between paragraphs of prose is never touched by either, bar lines that are
nothing but a listed button (at most SHORT characters).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHORT = 60
"""Longest line that a list may remove from the middle of a text."""
HEAD = 4
TAIL = 8
"""Lines at either end that learned furniture is looked for in."""

# Each pattern must match the whole line (punctuation and arrows around it aside).
LISTS: dict[str, tuple[str, ...]] = {
    "en": (
        r"advertisement(?: - story continues below)?|ad(?: feedback)?|sponsored(?: content)?",
        r"(?:share|save|print|email|tweet|listen|copy link|link copied|bookmark)"
        r"(?: (?:this|the|to|on|via|with)\b.{0,40})?",
        r"(?:view|show|hide|post|leave|add|write|read|join|see)?(?: a| an| all| the)? ?\d* ?"
        r"(?:comments?|replies)(?: ?\(\d+\)| \d+)?",
        r"(?:read|see|learn|find out|watch|listen)(?: more| also| next| now| it)?"
        r"(?: on this| about this.{0,30})?|see also|also read|related(?: (?:stories|articles|"
        r"topics|content|news|posts|links))?|more (?:on this(?: story)?|stories|news|from .{2,40})",
        r"(?:read more|also read|read also|related|see also|more|recommended|read next|"
        r"don't miss|must read|more on this)\s*[:|>»].{1,140}",
        r"(?:sign up|subscribe|register|log ?in|sign in|get (?:our|the|all)|receive|join)\b"
        r".{0,110}\b(?:newsletters?|inbox|e-?mail(?:s| address)?|alerts?|app|account|"
        r"subscribers?|for free|today|now|updates?|channel)\b.{0,40}",
        r"(?:follow|like|join|find) (?:us|me|our|the|.{2,30}) on (?:twitter|facebook|x|instagram|"
        r"linkedin|google news|whatsapp|telegram|youtube).{0,60}",
        r"(?:©|\(c\)|copyright)\s?(?:©|\(c\))?.{0,140}|.{0,60}all rights reserved.{0,60}",
        r"our standards: the thomson reuters trust principles.{0,40}|register now for free.{0,120}",
        r"suggested topics:?|acquire licensing rights.{0,20}|promoted(?: stories| links)?"
        r"|most (?:read|popular|viewed)|trending(?: now)?|popular (?:now|articles)|top stories",
        r"(?:image|photo|picture)? ?(?:credit|source)s?: ?.{2,60}|getty images|reuters|ap photo",
        r"(?:back to|go to) (?:top|home(?:page)?)|skip to .{3,30}|previous|next|tags?:?|topics:?",
        r"(?:first )?(?:published|updated|posted)(?: on| at)?[: ].{4,50}|last (?:updated|modified).*",
        r"\d+ min(?:ute)?s?(?: read)?|reading time.{0,20}|\d+ shares?|\d+ views?",
        r"(?:download|get) (?:the|our) .{0,30}\bapps?\b.{0,40}",
        r"this (?:article|story) (?:was )?(?:first|originally) (?:published|appeared).{0,90}",
        r"(?:this copy is )?for (?:your )?personal,? non-?commercial use only.{0,300}",
        r"(?:order|purchase) reprints?.{0,40}|an error has occurred.{0,60}|thank you\.?",
        r"notice: the content above.{0,300}|like this story\?.{0,60}|tell us what you think",
        r"(?:additional )?(?:reporting|writing) by .{3,120}[;.] ?(?:additional |further )?(?:editing|"
        r"writing|reporting|graphics) by .{2,140}|(?:additional )?reporting by [^.;]{3,60}",
        r"click here (?:to|for)\b.{0,80}|have your say.{0,60}|about the author:?",
    ),
    "de": (
        r"anzeige|werbung|zur startseite|zur (?:haupt)?navigation.{0,20}|nach oben|"
        r"zum seitenanfang|mehr(?: zum thema| dazu| lesen)?:?|lesen sie auch:?|auch interessant:?",
        r"(?:lesen sie (?:auch|hier|mehr|dazu)|mehr zum thema|auch interessant|siehe auch|"
        r"weitere artikel|mehr dazu|lesetipp|weiterlesen)\s*[:|>»].{1,140}",
        r"(?:artikel |beitrag )?(?:teilen|drucken|merken|kommentieren|versenden|weiterleiten|"
        r"vorlesen|empfehlen)|(?:jetzt )?teilen(?: auf .{3,20})?|kommentare?(?: ?\(?\d+\)?)?",
        r"\d+ kommentare?|kommentar (?:schreiben|verfassen|hinterlassen).{0,20}|diskutieren sie.*",
        r"(?:newsletter|abonnieren|jetzt (?:abonnieren|anmelden|registrieren)|zum newsletter)"
        r".{0,80}|.{0,60}newsletter (?:abonnieren|anmelden|bestellen).{0,40}",
        r"(?:©|\(c\)|copyright).{0,140}|alle rechte vorbehalten.{0,60}|quelle:\s.{2,60}",
        r"(?:foto|bild|grafik)(?:quelle|credit)?s?: ?.{2,60}|schlagwör?ter:?.{0,80}|themen:?",
        r"(?:veröffentlicht|aktualisiert|stand|erstellt)(?: am)?:? .{4,40}",
        r"(?:das könnte (?:sie|dich) auch interessieren|meistgelesen|weitere (?:artikel|themen|"
        r"meldungen|nachrichten))\.?:?.{0,30}|lesezeit:?.{0,20}|\d+ min(?:uten)?(?: lesezeit)?",
    ),
    "fr": (
        r"publicité|partager(?: sur .{3,20}| l'article)?|imprimer|commenter|enregistrer|"
        r"réagir|\d* ?commentaires?(?: ?\(\d+\))?|sur le même sujet|à lire aussi|lire aussi",
        r"(?:à |a )?(?:lire|voir|découvrir|écouter) (?:aussi|également|la suite).{0,140}",
        r"(?:abonnez-vous|inscrivez-vous|recevez|s'abonner|newsletter).{0,110}",
        r"(?:©|copyright|tous droits réservés).{0,120}|(?:crédits?(?: photo)?|photo)s? ?: ?.{2,60}",
        r"(?:publié|mis à jour|posté)(?: le)? .{4,50}|temps de lecture.{0,20}",
    ),
    "es": (
        r"publicidad|compartir(?: en .{3,20})?|imprimir|comentarios?(?: ?\(?\d+\)?)?|guardar|"
        r"\d+ comentarios?|noticias relacionadas|te puede interesar|más información|etiquetas:?",
        r"(?:lee|leer|lea|ver|mira|te puede interesar|más) (?:también|además|más)\s*[:|].{1,140}",
        r"(?:suscríbe(?:te|se)|regístrate|recibe|boletín|newsletter).{0,110}",
        r"(?:©|copyright|todos los derechos reservados).{0,120}|(?:foto|imagen) ?: ?.{2,60}",
        r"(?:publicado|actualizado)(?: el)?:? .{4,50}",
    ),
    "it": (
        r"pubblicità|condividi(?: su .{3,20})?|stampa|commenti?(?: ?\(?\d+\)?)?|leggi anche:?",
        r"(?:leggi|vedi) anche\s*[:|>»]?.{0,140}|(?:iscriviti|abbonati|ricevi).{0,110}",
        r"(?:©|riproduzione riservata|copyright|tutti i diritti riservati).{0,120}",
    ),
    "pt": (
        r"publicidade|compartilh(?:e|ar).{0,40}|partilh(?:e|ar).{0,30}|comentários?.{0,10}",
        r"(?:leia|veja|saiba) (?:também|mais)\s*[:|>»]?.{0,140}|(?:assine|inscreva-se|receba).{0,110}",
        r"(?:©|copyright|todos os direitos reservados).{0,120}",
    ),
    "nl": (
        r"advertentie|delen|deel (?:dit|via).{0,30}|reacties?(?: ?\(?\d+\)?)?|\d+ reacties?",
        r"lees (?:ook|meer|verder)\s*[:|>»]?.{0,140}|(?:schrijf je in|abonneer).{0,110}",
    ),
    "north": (
        r"annonse|annons|annonce|reklame|mainos|del(?: artikkel)?|dela|kommentarer?.{0,10}",
        r"(?:les|läs|læs) (?:også|også:|mer|mere|också)\s*[:|>»]?.{0,140}|lue myös:?.{0,140}",
    ),
    "slavic": (
        r"reklama|udostępnij.{0,30}|komentarze?.{0,10}|(?:czytaj|zobacz) (?:także|też|również|"
        r"więcej)\s*[:|>»]?.{0,140}|źródło: .{2,50}|zapisz się.{0,80}|sdílet|diskuse.{0,10}",
        r"реклама|поделиться.{0,30}|комментари(?:и|ев|й).{0,10}|(?:читайте|смотрите) (?:также|"
        r"ещё)\s*[:|]?.{0,140}|подпис(?:аться|ывайтесь|ка).{0,100}|фото: ?.{2,60}|источник: .{2,50}",
        r"читайте (?:також|нас).{0,140}|поділитися.{0,30}|(?:все|всі) права (?:защищены|захищені).*",
    ),
    "tr": (
        r"reklam|paylaş.{0,20}|yorum(?:lar)?.{0,15}|ayrıca oku(?:yun)?:?.{0,100}|abone ol.{0,60}",
    ),
    "zh": (
        r"(?:责任编辑|责任编缉|責任編輯|责编|編輯|编辑|责任校对|校对|审核|审校|监制|主编|值班编委|"
        r"排版|统筹|编审|编校|美编|见习编辑|本文编辑|文章编辑)\s*[:：|／/].{1,40}",
        r"[（(【\[](?:责任编辑|責任編輯|责编|编辑)\s*[:：]?\s*\S{1,20}[)）】\]]",
        r"原标题\s*[:：].{1,100}|[（(]?原标题\s*[:：].{1,100}[)）]?",
        r"[（(]?(?:本文|文章|信息|资料|稿件|图片|图文|新闻)?(?:来源|來源|出处)(?:于)?\s*[:：].{1,50}[)）]?",
        r"(?:作者|记者|文|撰文|图|摄影|摄)(?:\s*[:：/|｜]\s*|\s+)\S{2,12}(?:\s\S{2,12}){0,3}",
        r"(?:分享|分享到|分享至|转发|收藏|点赞|打印|评论|我要评论|网友评论|发表评论|举报|纠错|"
        r"关闭窗口|返回顶部|返回首页|回到首页|字体大小|字号|大中小|上一篇|下一篇|下一页|查看全文|展开全文)"
        r"\s*[:：>》]?[^，。]{0,12}",
        r"(?:相关(?:阅读|新闻|推荐|文章|链接|报道|专题|资讯)|推荐阅读|热门(?:推荐|文章|新闻)|延伸阅读|"
        r"为您推荐|猜你喜欢|更多(?:精彩|内容|新闻|资讯).{0,30}|点击(?:查看|进入|下载|排行).{0,40}|阅读原文)\s*.{0,30}",
        r".{0,40}(?:扫描|扫一扫|长按|识别).{0,20}(?:二维码|关注|下载).{0,60}",
        r".{0,40}(?:关注|下载|打开|安装).{0,30}(?:公众号|客户端|APP|app|App|微信号|微博).{0,40}",
        r"海量资讯.{0,40}|(?:版权所有|版权声明|著作权).{0,120}|未经.{0,12}(?:授权|许可|允许).{0,60}",
        r"(?:免责声明|特别声明|特别提醒|风险提示|新浪声明|声明|郑重声明|法律声明|温馨提示)\s*[:：].{0,400}",
        r".{0,60}(?:不构成(?:任何)?投资建议|投资有风险|据此(?:操作|入市).{0,8}风险自担).{0,80}",
        r".{0,40}(?:仅代表作者(?:本人)?(?:个人)?观点|与本(?:网|站|平台)(?:立场)?无关).{0,120}",
        r"(?:本文|本报告|文中).{0,20}(?:转载|仅供参考).{0,80}|举报电话.{0,60}|"
        r"(?:新闻线索|爆料|投稿|联系|广告).{0,6}(?:电话|热线|邮箱|QQ|微信)\s*[:：].{1,60}",
        r"(?:发布时间|发布日期|发稿时间|更新时间|时间)\s*[:：].{4,40}|(?:点击|阅读|浏览)(?:数|量|次数)?\s*[:：]?\s*\d+.{0,6}",
        r"(?:标签|关键词|关键字|tags?|TAG)\s*[:：].{0,100}|\d+\s*(?:条|人)?(?:评论|参与|跟帖|回复).{0,20}",
        r"(?:本篇|本)文章(?:共有|共)?\s*\d*\s*(?:个)?(?:页|字).{0,20}|[（(]?完[)）]|（?未完待续）?",
        r"(?:您?(?:现在|当前|所在)的?位置(?:是)?|所在位置|当前位置)\s*[:：].{0,80}|\S{1,16}(?:\s*[>＞»]\s*\S{1,24}){1,4}",
        r"我要跟帖|已输入\d+字|(?:微信|官方|新浪)?(?:公众号|微博|微信|客户端|抖音号?)|.{0,8}(?:APP|App|客户端)",
        r".{0,60}(?:上传并发布|信息发布平台|信息存储(?:空间)?服务).{0,120}|.{0,60}(?:ICP备|公网安备).{0,60}",
        r"(?:投诉|举报|反馈|扫码|长按).{0,20}|(?:本文)?原标题\s*[:：]?\s*《.{1,100}》",
        r"[（(](?:上接|下转).{1,30}[)）]|文章转载自.{0,60}|敬请(?:关注|期待).{0,40}",
    ),
    "ja": (
        r"(?:関連記事|関連リンク|あわせて読みたい|おすすめ記事|この記事を.{0,16}|シェア(?:する)?|ツイート(?:する)?|"
        r"印刷(?:する)?|ブックマーク|保存|PR|広告|続きを読む|前へ|次へ|トップへ戻る)\s*.{0,30}",
        r".{0,30}(?:無断(?:転載|複製)|All rights reserved|著作権).{0,60}|.{0,30}(?:会員登録|ログイン)(?:すると|して|が必要).{0,40}",
        r"(?:【|\[)(?:関連|写真|動画|図解|あわせて読みたい|PR).{0,80}|写真[=＝].{0,40}",
    ),
    "ko": (
        r".{0,40}(?:무단\s?(?:전재|배포|복제)|재배포\s?금지|저작권자).{0,60}|(?:관련\s?기사|추천\s?기사|"
        r"많이\s?본\s?(?:뉴스|기사)|공유|댓글|좋아요|구독|기사\s?공유|프린트|글자\s?크기)\s*.{0,30}",
        r"☞.{0,80}|.{0,10}맥락을 이해하기 위해서는.{0,40}|[가-힣]{2,4}\s?(?:기자|특파원)?\s?[\w.+-]+@[\w.-]+\.\w{2,4}.{0,20}|사진\s?=.{0,40}",
    ),
    "any": (
        r"(?:facebook|twitter|x|linkedin|whatsapp|telegram|instagram|pinterest|reddit|xing|e-?mail|"
        r"pocket|flipboard|weibo|wechat|line|copy|rss|print|pdf|url)(?:[ ,/|·]+(?:facebook|twitter|x|"
        r"linkedin|whatsapp|telegram|instagram|pinterest|reddit|xing|e-?mail|line|print)){0,8}",
        r"[\W_]+|[\w.+-]+@[\w-]+\.[\w.]+",
    ),
}

_PATTERN = re.compile(
    r"[\W_]{0,6}(?:"
    + "|".join(p for patterns in LISTS.values() for p in patterns)
    + r")[\W_]{0,6}",
    re.IGNORECASE,
)
LONGEST = 420
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The ends of one stored article, which repetition is learned from.

    `group` tells independent articles apart (a story's id, else the article's): copies of
    one text count once. `head` and `tail` are the first HEAD and last TAIL lines of its
    text, `removed` the lines taken out of it before.
    """

    group: int | str
    head: tuple[str, ...]
    tail: tuple[str, ...]
    removed: tuple[str, ...] = ()

    @classmethod
    def of(cls, group: int | str, text: str, removed: Iterable[str] = ()) -> Edge:
        """Cut the ends off a stored text."""
        lines = text.split("\n") if text else []
        return cls(
            group=group, head=tuple(lines[:HEAD]), tail=tuple(lines[-TAIL:]), removed=tuple(removed)
        )


def is_listed(line: str) -> bool:
    """Whether a whole line is furniture by the lists."""
    return len(line) <= LONGEST and _PATTERN.fullmatch(line) is not None


@lru_cache(maxsize=4096)
def fold(line: str) -> str:
    """The form in which learned lines are compared: letters and digits, case folded."""
    if line.isascii():
        return _NO_LETTER.sub("", line.lower())
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", line).casefold())


LEAST_ARTICLES = 3
LEAST_SHARE = 0.06


def learn(edges: Iterable[Edge]) -> frozenset[str]:
    """The furniture of a source: folded lines that recur at the ends of its articles.

    A line counts once per group. It must stand at the head or tail of at least three
    independent articles, and of 6 % of them. Figures are part of the line, so that a
    table's last row, or a price, is never learned from its wording alone.
    """
    groups: dict[int | str, set[str]] = {}
    for edge in edges:
        lines = groups.setdefault(edge.group, set())
        lines.update(filter(None, map(fold, (*edge.head, *edge.tail, *edge.removed))))
    counts = Counter(line for lines in groups.values() for line in lines)
    least = max(LEAST_ARTICLES, LEAST_SHARE * len(groups))
    return frozenset(line for line, count in counts.items() if count >= least)


def strip_learned(
    lines: Sequence[str], learned: frozenset[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take learned lines off both ends; returns what is kept and what was removed.

    Never everything: if nothing else would remain, the text is left as it is.
    """
    if not learned:
        return tuple(lines), ()
    edge = {*range(HEAD), *range(len(lines) - TAIL, len(lines))}
    gone = {i for i in edge if 0 <= i < len(lines) and fold(lines[i]) in learned}
    # Once an end is furniture, what follows it inward is looked at in its turn.
    for inward in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        kept = 0
        for i in inward:
            if i not in gone:
                kept += 1
                if kept >= 2:
                    break
                if fold(lines[i]) in learned:
                    gone.add(i)
                    kept -= 1
    if len(gone) == len(lines):
        return tuple(lines), ()
    return (
        tuple(line for i, line in enumerate(lines) if i not in gone),
        tuple(lines[i] for i in sorted(gone)),
    )


def reclean(
    text: str, removed: Sequence[str], learned: frozenset[str]
) -> tuple[str, tuple[str, ...]] | None:
    """Clean a stored text with what has been learned since; None when nothing changes.

    Returns the new text and the new list of removed lines.
    """
    kept, gone = strip_learned(text.split("\n"), learned)
    return ("\n".join(kept), (*removed, *gone)) if gone else None
