"""How far labels and closing notes can be trusted, what the official figures say, what changed since the last run."""

from pipeline.insights.changes import Changes
from pipeline.insights.label_quality import LabelQuality
from pipeline.insights.phenomenon import Phenomenon
from pipeline.review.columns import filled, table
from pipeline.review.material import Material, lacks, said
from pipeline.review.tables import Finding, Kind, Section


def counting(material: Material) -> Section:
    """Set the official count of complaints beside the other ways to count them."""
    found = material.insights.counting
    channels = [(one.name, one.rows, one.share, one.customers, one.escalated) for one in found.by_channel]
    tables = filled(
        table("figures", "rule value", [(one.rule, one.value) for one in found.figures]),
        table("left_out", "reason_out rows", [(one.reason, one.rows) for one in found.left_out]),
        table("channels", "channel rows share customers escalated", channels, 15),
    )
    values = said(count=(Kind.COUNT, found.counted), of=(Kind.COUNT, found.rows))
    findings = [Finding("counted" if found.counted < found.rows else "all_counted", values)]
    if found.escalated:
        share = found.escalated / max(found.counted, 1)
        values = said(count=(Kind.COUNT, found.escalated), share=(Kind.SHARE, share))
        findings.insert(0, Finding("escalated", values))
    return Section("counting", tuple(findings), tables, lacks(found.missing))


def labels(material: Material) -> Section:
    """Compare the operator's own labels with ours, and the complaint with what the closing note says of it."""
    quality: LabelQuality = material.insights.label_quality
    phenomenon: Phenomenon = material.insights.phenomenon
    parked = [(one.category, one.cause, one.complaints, one.customers, one.sure) for one in quality.belongs]
    differing = [(one.operator, one.ours, one.complaints, one.customers) for one in quality.disagreements]
    tables = filled(
        table("parked", "category cause rows customers sure", parked, 12),
        table("disagreements", "label_path ours rows customers", differing, 12),
        table("boilerplate", "phrase rows", phenomenon.phrases, 8),
    )
    findings = []
    if quality.by_category.agreeing.of:
        told = quality.by_category.agreeing
        findings.append(Finding("labels_agree", said(share=(Kind.SHARE, told.value), of=(Kind.COUNT, told.of))))
    if quality.parked.count:
        told = quality.parked
        findings.append(Finding("parked", said(count=(Kind.COUNT, told.count), share=(Kind.SHARE, told.value))))
    if phenomenon.boilerplate.count:
        told = phenomenon.boilerplate
        findings.append(Finding("boilerplate", said(share=(Kind.SHARE, told.value), of=(Kind.COUNT, told.of))))
    return Section("labels", tuple(findings), tables, lacks((*quality.missing, *phenomenon.missing)))


def changes(material: Material) -> Section:
    """Split the difference of every headline number from the last run into where it comes from."""
    found: Changes | None = material.insights.since_last_run
    if found is None:
        return Section("changes")
    moved = sorted((one for one in found.changes if one.difference), key=lambda one: -abs(one.difference))
    rows = [
        (one.level, one.label, one.before, one.after, "; ".join(f"{name} {part:+g}" for name, part in one.parts))
        for one in moved
        if one.measure == "rows"
    ]
    whole = found.find("all")
    values = said(before=(Kind.COUNT, round(whole.before)), now=(Kind.COUNT, round(whole.after)))
    return Section(
        "changes", (Finding("changed", values),), filled(table("changes", "level what was now parts", rows, 20))
    )
