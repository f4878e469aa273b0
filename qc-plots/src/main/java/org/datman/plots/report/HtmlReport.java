package org.datman.plots.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.metric.MetricCatalogue;
import org.datman.plots.picture.Picture;
import org.datman.plots.picture.Stamp;

/**
 * One HTML file with all results of one series: verdict, findings, pictures, numbers. It needs no network, runs no script, and
 * shows names from headers as text, whatever they contain. The same report and pictures give the same bytes.
 */
public final class HtmlReport {

    /** Its name beside metrics.json. */
    public static final String FILE_NAME = "report.html";

    private static final int MOST_FLAGS = 200;

    private static final Map<QcComplete.Level, String> SIGNS = Map.of(
            QcComplete.Level.PASS,
            "\u25cf",
            QcComplete.Level.WARN,
            "\u25b2",
            QcComplete.Level.FLAG,
            "\u25a0",
            QcComplete.Level.ERROR,
            "\u2716");

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
            <title>%s</title>
            <style>
            body { margin: 0 auto; max-width: 1100px; padding: 0 1.2rem 3rem; font: 15px/1.45 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
            h1 { margin: 1.2rem 0 .2rem; font-size: 1.35rem; overflow-wrap: anywhere; }
            h2 { margin: 2rem 0 .6rem; padding-bottom: .2rem; font-size: 1.05rem; border-bottom: 1px solid #ccc; }
            nav a { margin-right: 1rem; }
            .soft { color: #5a5a5a; }
            .verdict { display: inline-block; padding: .15rem .6rem; border-radius: .3rem; font-weight: 600; color: #fff; }
            .PASS { background: #00664d; } .WARN { background: #8a5a00; } .FLAG, .ERROR { background: #9b2c00; }
            table { border-collapse: collapse; font-size: 13px; }
            th, td { padding: .18rem .7rem .18rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #eee; overflow-wrap: anywhere; }
            td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            figure { margin: 0 0 1.8rem; break-inside: avoid; }
            figure img { max-width: 100%%; height: auto; image-rendering: pixelated; border: 1px solid #ddd; }
            figure img.plot { image-rendering: auto; }
            figcaption strong { display: block; }
            code { font-size: 12px; }
            @media print { nav { display: none; } body { max-width: none; } }
            </style>
            </head>
            <body>
            """;

    private HtmlReport() {}

    /** The page, UTF-8. */
    public static byte[] of(Report report, List<Picture> pictures) {
        StringBuilder page = new StringBuilder(
                pictures.stream().mapToInt(p -> p.bytes().length * 4 / 3).sum() + 40_000);
        page.append(String.format(Locale.ROOT, HEAD, text(report.series())));
        verdict(page, report);
        if (report.input() != null) {
            facts(page, report.input());
        }
        flags(page, report.flags());
        compared(page, report.comparedWith());
        pictures(page, report, pictures);
        metrics(page, report);
        page.append("<p class=\"soft\">DATMAN quality control, ")
                .append(text(Stamp.VERSION.toLowerCase(Locale.ROOT)))
                .append(". Slices and volumes count from 0 in the order of the file. All numbers and courses are in"
                        + " metrics.json beside this page.</p>\n</body>\n</html>\n");
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void verdict(StringBuilder page, Report report) {
        QcComplete.Level level = report.verdict().level();
        page.append("<h1>").append(text(report.series())).append("</h1>\n<p>");
        page.append("<span class=\"verdict ").append(level).append("\">");
        page.append(SIGNS.get(level)).append(' ').append(level).append("</span> ");
        page.append("<span class=\"soft\">measured as ")
                .append(text(report.kind().key()))
                .append("</span></p>\n");
        if (report.verdict().reasons().isEmpty()) {
            page.append("<p>Nothing was found that speaks against it.</p>\n");
        } else {
            page.append("<ul>\n");
            report.verdict()
                    .reasons()
                    .forEach(reason -> page.append("<li>").append(text(reason)).append("</li>\n"));
            page.append("</ul>\n");
        }
        page.append("<nav><a href=\"#found\">Findings</a><a href=\"#pictures\">Pictures</a>"
                + "<a href=\"#numbers\">Numbers</a></nav>\n");
    }

    private static void facts(StringBuilder page, InputFacts input) {
        page.append("<h2>Image</h2>\n<table><tbody>\n");
        row(page, "file", input.file());
        row(page, "SHA-256", input.sha256());
        row(
                page,
                "matrix",
                join(input.dims()) + (input.volumes() > 1 ? " voxels, " + input.volumes() + " volumes" : " voxels"));
        row(
                page,
                "voxel",
                join(input.spacingMm().stream().map(HtmlReport::number).toList()) + " mm");
        row(
                page,
                "repetition time",
                (input.trSeconds() == null ? "not known" : number(input.trSeconds()) + " s")
                        + (input.trSource() == null ? "" : " (" + input.trSource() + ")"));
        row(page, "axes point to", input.axes() + ", slices along " + input.sliceAxis());
        row(page, "phase encoding", input.phaseAxis() == null ? "not known" : input.phaseAxis());
        page.append("</tbody></table>\n");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<tr><th scope=\"row\">")
                .append(text(name))
                .append("</th><td>")
                .append(text(value))
                .append("</td></tr>\n");
    }

    private static String join(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(" \u00d7 "));
    }

    private static void flags(StringBuilder page, List<Flag> flags) {
        page.append("<h2 id=\"found\">Findings</h2>\n");
        if (flags.isEmpty()) {
            page.append("<p>No place in the image was flagged.</p>\n");
            return;
        }
        page.append(
                "<table><thead><tr><th>What</th><th>Severity</th><th>Slice</th><th>Volume</th><th>Evidence</th></tr>"
                        + "</thead><tbody>\n");
        for (Flag flag : flags.subList(0, Math.min(MOST_FLAGS, flags.size()))) {
            page.append("<tr><th scope=\"row\">").append(text(flag.kind())).append("</th><td>");
            page.append(flag.severity().name().toLowerCase(Locale.ROOT)).append("</td>");
            page.append("<td class=\"n\">").append(flag.slice() == null ? "" : flag.slice());
            page.append("</td><td class=\"n\">").append(flag.volume() == null ? "" : flag.volume());
            page.append("</td><td>")
                    .append(text(flag.evidence().entrySet().stream()
                            .map(e -> e.getKey() + " " + evidence(e.getValue()))
                            .collect(Collectors.joining("; "))))
                    .append("</td></tr>\n");
        }
        page.append("</tbody></table>\n");
        if (flags.size() > MOST_FLAGS) {
            page.append("<p>").append(flags.size() - MOST_FLAGS).append(" more are in metrics.json.</p>\n");
        }
    }

    private static void compared(StringBuilder page, List<Compared> others) {
        if (others.isEmpty()) {
            return;
        }
        page.append(
                "<h2 id=\"compared\">Compared with</h2>\n<table><thead><tr><th>Series</th><th>As</th><th>Its reference,"
                        + " SHA-256</th></tr></thead><tbody>\n");
        for (Compared other : others) {
            page.append("<tr><th scope=\"row\">").append(text(other.series())).append("</th><td>");
            page.append(other.role().equals(Compared.GOLD) ? "gold standard" : "earlier session")
                    .append("</td><td>");
            page.append(
                    other.leftOut() != null
                            ? "left out: " + text(other.leftOut())
                            : "<code>" + text(String.valueOf(other.sha256())) + "</code>");
            page.append("</td></tr>\n");
        }
        page.append("</tbody></table>\n");
    }

    private static String evidence(Object value) {
        return value instanceof Double d ? number(d) : String.valueOf(value);
    }

    private static void pictures(StringBuilder page, Report report, List<Picture> pictures) {
        page.append("<h2 id=\"pictures\">Pictures</h2>\n");
        if (pictures.isEmpty()) {
            page.append("<p>There are none.</p>\n");
        }
        for (Picture picture : pictures) {
            boolean plot = picture.fileName().endsWith(".svg");
            page.append("<figure id=\"").append(text(picture.fileName())).append("\">\n<img");
            page.append(plot ? " class=\"plot\"" : "").append(" alt=\"");
            page.append(text(picture.title() + " of " + report.series() + ", verdict "
                    + report.verdict().level()));
            page.append("\" src=\"data:")
                    .append(plot ? "image/svg+xml" : "image/png")
                    .append(";base64,");
            page.append(Base64.getEncoder().encodeToString(picture.bytes())).append("\">\n<figcaption><strong>");
            page.append(text(picture.title())).append("</strong> ").append(text(picture.whatToLookFor()));
            page.append("</figcaption>\n</figure>\n");
        }
    }

    private static void metrics(StringBuilder page, Report report) {
        page.append("<h2 id=\"numbers\">Numbers</h2>\n<table><thead><tr><th>Metric</th><th>Value</th><th>Unit</th>"
                + "<th>Meaning</th><th>Over</th></tr></thead><tbody>\n");
        for (Metric metric : report.metrics().values()) {
            page.append("<tr><th scope=\"row\">").append(text(metric.key())).append("</th><td class=\"n\">");
            page.append(
                    metric.value() == null
                            ? "<span class=\"soft\">"
                                    + text(String.valueOf(metric.reason()).replace('_', ' ')) + "</span>"
                            : number(metric.value()));
            page.append("</td><td>").append("1".equals(metric.unit()) ? "" : text(metric.unit()));
            page.append("</td><td>").append(text(meaning(metric.key())));
            page.append("</td><td class=\"soft\">")
                    .append(metric.mask() == null ? "" : text(metric.mask() + ", " + metric.maskVoxels() + " voxels"));
            page.append("</td></tr>\n");
        }
        page.append("</tbody></table>\n");
    }

    private static String meaning(String key) {
        return MetricCatalogue.get(key).meaning();
    }

    /** Four significant digits; plain below a million, with exponent for very large or very small numbers. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            return Long.toString((long) value);
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        double size = Math.abs(value);
        return size >= 1e6 || size < 1e-4 ? String.format(Locale.ROOT, "%.3e", value) : rounded.toPlainString();
    }

    /** Text for elements and for attributes in double quotes. */
    static String text(String raw) {
        StringBuilder safe = new StringBuilder(raw.length() + 16);
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c < ' ' && c != '\n' && c != '\t' ? '\ufffd' : c);
            }
        }
        return safe.toString();
    }
}
