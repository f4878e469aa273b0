package org.datman.local.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.datman.contracts.event.ResourceDiscovered;
import org.datman.contracts.metric.Limits;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.Provenance.SourceFile;
import org.datman.contracts.provenance.QcProvenance;

/** A lineage as text, from the file back to the bytes that the scanner sent. */
public final class LineageText {

    private static final int INSTANCES_SHOWN = 3;

    private final List<String> lines = new ArrayList<>();

    private LineageText() {}

    /** Its lines. */
    public static List<String> of(Lineage lineage) {
        LineageText text = new LineageText();
        if (lineage instanceof Lineage.OfImage image) {
            text.image(image);
        } else if (lineage instanceof Lineage.OfResource resource) {
            text.resource(resource);
        } else if (lineage instanceof Lineage.OfPipeline pipeline) {
            text.pipeline(pipeline);
        } else if (lineage instanceof Lineage.OfWithdrawn withdrawn) {
            text.withdrawn(withdrawn);
        }
        lineage.notes().forEach(note -> text.line("note", note));
        return text.lines;
    }

    private void image(Lineage.OfImage image) {
        Provenance record = image.record();
        MeasuredImage qc = image.qc();
        title(image.asked() == null ? record.stem() : image.asked());
        if (qc != null && qc.number() != null) {
            number(qc.number());
        }
        image.files().forEach(this::file);
        record.image().ifPresent(part -> line("image", part));
        line("published", image.published());
        record.conversion()
                .ifPresentOrElse(this::conversion, () -> line("converted", "no: only the DICOM file is kept"));
        record.dicom()
                .ifPresent(kept -> line(
                        "kept DICOM",
                        kept.form() + ", of " + kept.path() + " on "
                                + record.origin().session().server() + ", whose SHA-256 is " + kept.originalSha256()));
        run(record.run());
        origin(record);
        naming(record, image.study());
        if (qc == null) {
            line("measured", "no result of quality control in the archive");
        } else {
            measured(qc);
        }
        line(
                "reviewed",
                "reviews and who made them are not in the archive: the dashboard's page of the session has them");
    }

    private void number(MeasuredImage.Number number) {
        line(
                "number",
                number.key() + " = " + (number.value() == null ? "unknown: " + number.reason() : number.value()) + " "
                        + number.unit() + ", definition " + number.version());
        if (!number.meaning().isEmpty()) {
            line("meaning", number.meaning() + (number.source().isEmpty() ? "" : " (" + number.source() + ")"));
        }
        Limits limits = number.limits();
        line("limits", limits == null ? "none" : limits(limits));
    }

    private static String limits(Limits limits) {
        List<String> words = new ArrayList<>();
        limits.warnBelow().ifPresent(value -> words.add("warning below " + value));
        limits.warnAbove().ifPresent(value -> words.add("warning above " + value));
        limits.flagBelow().ifPresent(value -> words.add("flag below " + value));
        limits.flagAbove().ifPresent(value -> words.add("flag above " + value));
        return words.isEmpty() ? "none" : String.join(", ", words);
    }

    private void file(CheckedFile file) {
        line("file", file.published().path() + " (" + file.published().role() + ")");
        line("SHA-256", (file.found() == null ? file.published().sha256() : file.found()) + " " + file.words());
    }

    private void conversion(Provenance.Conversion conversion) {
        line(
                "converted",
                "by " + conversion.program() + " " + conversion.version() + ", exit code " + conversion.exitCode());
        line("command", conversion.program() + " " + String.join(" ", conversion.arguments()));
        line("options", conversion.parameters());
        conversion.prepared().forEach(change -> line("prepared", change));
        conversion.corrections().forEach(change -> line("corrected", change));
        conversion.problems().forEach(problem -> line("problem", problem));
        conversion.remarks().forEach(remark -> line("remark", remark));
        line("output of", conversion.log());
    }

    private void run(Provenance.Run run) {
        line(
                "run",
                run.started() + " to " + run.finished() + " on " + run.host() + " by account '" + run.actor() + "'"
                        + run.software().map(software -> ", " + software).orElse(""));
        line("run key", run.runKey() + ", export " + run.exportRevision());
        line("event", run.eventId() + ", correlation " + run.correlationId());
    }

    private void origin(Provenance record) {
        List<Provenance.Origin> origins = record.parts().orElse(List.of(record.origin()));
        for (Provenance.Origin origin : origins) {
            line(
                    "read from",
                    "server " + origin.session().server() + ", session "
                            + origin.session().accession() + ", scan " + origin.scan()
                            + origin.resource()
                                    .map(resource -> ", resource " + resource)
                                    .orElse("") + ", revision "
                            + origin.seriesRevision());
            line(
                    "series",
                    origin.seriesNumber().map(number -> number + " ").orElse("") + "'" + origin.description() + "'"
                            + origin.uid().map(uid -> ", " + uid).orElse("")
                            + origin.date().map(day -> ", scanned on " + day).orElse(""));
        }
        List<SourceFile> files = record.source().files();
        line("instances", files.size() + " files, together " + record.source().sha256());
        files.stream()
                .limit(INSTANCES_SHOWN)
                .forEach(file -> line("", file.sha256() + " " + file.path() + " (" + file.use() + ")"));
        if (files.size() > INSTANCES_SHOWN) {
            line("", (files.size() - INSTANCES_SHOWN) + " more: --json lists all of them");
        }
        record.source().remarks().forEach(remark -> line("remark", remark));
    }

    private void naming(Provenance record, StudyText study) {
        line(
                "named",
                record.naming().tag() + " at site " + record.naming().site() + " by study " + study.code()
                        + ", revision " + study.revision() + ": "
                        + record.naming().reason().message());
        if (study.file() != null) {
            line(
                    "rules in",
                    study.file() + ", SHA-256 " + study.sha256()
                            + (study.acceptedAt() == null ? "" : ", accepted " + study.acceptedAt())
                            + (study.acceptedBy() == null ? "" : " by '" + study.acceptedBy() + "'"));
        }
        for (StudyText.Rule rule : study.rules()) {
            line("rule", rule.tag() + (rule.line() == 0 ? "" : ", line " + rule.line()));
            for (StudyText.Clause clause : rule.clauses()) {
                line(
                        "clause",
                        clause.field() + " ~ " + clause.expected()
                                + (clause.matched() ? " matched '" : " did not match '")
                                + clause.actual() + "'"
                                + (clause.line() == 0 ? "" : ", line " + clause.line() + ": " + clause.text()));
            }
        }
    }

    private void measured(MeasuredImage qc) {
        line("measured", qc.level() + (qc.ofTheseBytes() ? "" : " (of other bytes than those published now)"));
        qc.reasons().forEach(reason -> line("because", reason));
        QcProvenance record = qc.record();
        if (record != null) {
            line("by", record.tool() + " as " + record.kind() + ", rules of revision " + record.configRevision());
            line("run key", record.runKey());
            record.headerComparison().ifPresent(comparison -> line("header", comparison));
        }
        qc.files().stream()
                .filter(file -> !file.same())
                .forEach(file -> line("result", file.published().path() + " " + file.words()));
    }

    private void resource(Lineage.OfResource resource) {
        ResourceDiscovered discovered = resource.discovered();
        title(resource.asked() == null ? discovered.path() : resource.asked());
        resource.files().forEach(this::file);
        line(
                "read from",
                "server " + discovered.session().server() + ", session "
                        + discovered.session().accession() + ", "
                        + discovered
                                .level()
                                .map(level -> level.name().toLowerCase(Locale.ROOT))
                                .orElse("session")
                        + discovered.owner().map(owner -> " " + owner).orElse("") + ", resource "
                        + discovered.resource() + " (" + discovered.label() + "), file " + discovered.path());
        if (resource.current()) {
            line("revision", Long.toString(discovered.resourceRevision()));
            discovered.md5().ifPresent(md5 -> line("MD5 there", md5));
        }
        line("copied", "unchanged, for session " + resource.session() + " of study " + resource.study());
    }

    private void withdrawn(Lineage.OfWithdrawn withdrawn) {
        title(withdrawn.asked());
        if (withdrawn.number() != null) {
            number(withdrawn.number());
        }
        if (withdrawn.files().isEmpty()) {
            line("SHA-256", withdrawn.sha256() + " now");
        }
        withdrawn.files().forEach(this::file);
    }

    private void pipeline(Lineage.OfPipeline pipeline) {
        JsonNode run = pipeline.record();
        title(pipeline.asked() == null ? run.path("pipeline").asText("") : pipeline.asked());
        pipeline.files().forEach(this::file);
        line(
                "made by",
                run.path("tool").path("name").asText("") + " "
                        + run.path("tool").path("version").asText("") + " (descriptor "
                        + run.path("tool").path("descriptor").asText("") + ", SHA-256 "
                        + run.path("tool").path("descriptorSha256").asText("") + ")");
        List<String> command = new ArrayList<>();
        run.path("commandLine").forEach(word -> command.add(word.asText()));
        line("command", String.join(" ", command));
        line(
                "run",
                run.path("started").asText("") + " to " + run.path("finished").asText("") + " on "
                        + run.path("host").asText("") + ", requested by '"
                        + run.path("requestedBy").asText("")
                        + "', exit code " + run.path("exitCode").asText(""));
        line("run key", run.path("runKey").asText(""));
        line("rules", "revision " + run.path("configRevision").asText(""));
        line(
                "event",
                run.path("requestEventId").asText("") + ", correlation "
                        + run.path("correlationId").asText(""));
        for (CheckedFile input : pipeline.inputs()) {
            line("input", input.published().path() + " " + input.published().sha256() + " " + input.words());
            line("", "./datman explain " + input.published().path());
        }
    }

    private void title(String title) {
        lines.add(title);
    }

    private void line(String what, String value) {
        lines.add("  %-10s %s".formatted(what, value.replace("\n", " ")));
    }
}
