package org.datman.dashboard.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ToolMeasure;
import org.datman.contracts.naming.DatmanId;
import org.datman.contracts.naming.DatmanIds;
import org.datman.contracts.naming.NamingException;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the table of numbers of tools, a row for each number. The first two are those by which BIDS and Nipoppy join tables
 * (https://nipoppy.readthedocs.io/en/latest/explanations/idp_spec.html).
 */
public enum MeasureColumns {
    PARTICIPANT_ID(
            "Participant, as in the BIDS dataset, without sub-",
            "",
            row -> row.id() == null ? null : row.id().bidsSubject()),
    SESSION_ID(
            "Session of the participant, as in the BIDS dataset, without ses-",
            "",
            row -> row.id() == null ? null : row.id().bidsSession()),
    STUDY("Study code", "", row -> row.run().study()),
    SESSION("Session, as DATMAN names it: STUDY_SITE_SUBJECT_TIMEPOINT_REPEAT", "", row -> row.run()
            .sessionName()),
    PIPELINE("Name of the pipeline in the study file", "", row -> row.run().pipeline()),
    TOOL("Name of the tool in its Boutiques descriptor", "", row -> row.run().tool()),
    TOOL_VERSION("Version of the tool", "", row -> row.run().toolVersion()),
    RUN_KEY("SHA-256 of tool, version, descriptor, parameters, input digests and container image", "", row -> row.run()
            .runKey()),
    ENDED("When the run ended", "ISO 8601, UTC", row -> row.run().time()),
    PIPELINE_STATE(
            "What the pipeline says of the session now; other than succeeded, the number is in doubt",
            "",
            row -> row.computed().state().toLowerCase(Locale.ROOT)),
    PIPELINE_REASON(
            "Code of the reason for that",
            "",
            row -> row.computed().reason().isEmpty() ? null : row.computed().reason()),
    MEASURE("What was measured", "", row -> row.measure().measure()),
    REGION("Where", "", row -> row.measure().region()),
    UNIT("Unit of the value; 1 for none", "", row -> row.measure().unit()),
    VALUE("The number", "that of the column unit", row -> row.measure().value());

    private final String description;
    private final String units;
    private final Function<Row, @Nullable Object> value;

    MeasureColumns(String description, String units, Function<Row, @Nullable Object> value) {
        this.description = description;
        this.units = units;
        this.value = value;
    }

    /**
     * A number and the run that computed it.
     *
     * @param id the session by its name; null for a name that is none
     */
    private record Row(
            ToolMeasures.Computed computed,
            ToolMeasure measure,
            @Nullable DatmanId id) {

        PipelineUpdated run() {
            return computed.run();
        }
    }

    /** Name of the column. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of all columns, in their order. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(MeasureColumns::key).toList();
    }

    /** What each column is, as BIDS describes columns of tables. */
    public static Map<String, Map<String, String>> dictionary() {
        Map<String, Map<String, String>> dictionary = new LinkedHashMap<>();
        for (MeasureColumns column : values()) {
            dictionary.put(column.key(), described(column.description, column.units));
        }
        return dictionary;
    }

    static Map<String, String> described(String description, String units) {
        Map<String, String> described = new LinkedHashMap<>();
        described.put("Description", description);
        if (!units.isEmpty()) {
            described.put("Units", units);
        }
        return described;
    }

    /** The numbers of a run, a row for each: texts, an instant, a number, or null, in the order of the columns. */
    public static List<List<?>> rows(ToolMeasures.Computed computed) {
        DatmanId id = id(computed.run()).orElse(null);
        List<List<?>> rows = new ArrayList<>();
        for (ToolMeasure measure : computed.run().measures().orElse(List.of())) {
            Row row = new Row(computed, measure, id);
            List<@Nullable Object> cells = new ArrayList<>();
            for (MeasureColumns column : values()) {
                cells.add(column.value.apply(row));
            }
            rows.add(cells);
        }
        return rows;
    }

    static Optional<DatmanId> id(PipelineUpdated run) {
        try {
            return Optional.of(DatmanIds.parse(run.sessionName()));
        } catch (NamingException e) {
            return Optional.empty();
        }
    }
}
