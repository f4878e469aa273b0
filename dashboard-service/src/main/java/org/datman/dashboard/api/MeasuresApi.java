package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.api.ParquetTable.Type;
import org.datman.dashboard.metric.MeasureColumns;
import org.datman.dashboard.metric.PhenotypeTable;
import org.datman.dashboard.metric.ToolMeasures;
import org.datman.dashboard.metric.ToolMeasures.Newest;
import org.datman.dashboard.web.Cells;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What tools computed of the sessions of a study, as tables. */
@Path("/api/studies/{study}")
@RolesAllowed(Role.VIEWER)
public class MeasuresApi {

    private static final String NONE = "n/a";

    /** No text of the table has a tab or a line end, and BIDS knows no quotes in tables. */
    private static final CSVFormat TSV = CSVFormat.TDF
            .builder()
            .setQuote(null)
            .setRecordSeparator('\n')
            .setNullString(NONE)
            .get();

    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setNullString(NONE).get();

    private static final String EACH_NUMBER =
            "Of each session and pipeline those of the newest run that ended well. The columns are described by measures.json.";

    private static final String IDPS =
            "Of each session those of the newest run of the pipeline that ended well; a session whose numbers are in doubt is left out"
                    + " (measures.tsv has it, with the reason).";

    private final StudyTables tables;
    private final ToolMeasures measures;

    MeasuresApi(StudyTables tables, ToolMeasures measures) {
        this.tables = tables;
        this.measures = measures;
    }

    @GET
    @Path("measures.tsv")
    @Produces("text/tab-separated-values")
    @Operation(
            summary = "Every number that tools computed of the sessions of a study, a row for each",
            description = EACH_NUMBER)
    public StreamingOutput tsv(@PathParam("study") String study) {
        return tables.of(study, TSV, MeasureColumns.keys(), row -> each(study, cells -> row.accept(safe(cells))));
    }

    @GET
    @Path("measures.csv")
    @Produces("text/csv")
    @Operation(summary = "The same as CSV (RFC 4180)", description = EACH_NUMBER)
    public StreamingOutput csv(@PathParam("study") String study) {
        return tables.of(study, CSV, MeasureColumns.keys(), row -> each(study, cells -> row.accept(safe(cells))));
    }

    @GET
    @Path("measures.parquet")
    @Produces("application/vnd.apache.parquet")
    @Operation(
            summary = "The same as Apache Parquet",
            description = EACH_NUMBER + " value is a number, ended a time; what is n/a in the other forms is null.")
    public StreamingOutput parquet(@PathParam("study") String study) {
        Map<String, Type> columns = new LinkedHashMap<>();
        for (MeasureColumns column : MeasureColumns.values()) {
            columns.put(
                    column.key(),
                    switch (column) {
                        case VALUE -> Type.NUMBER;
                        case ENDED -> Type.TIME;
                        default -> Type.TEXT;
                    });
        }
        return tables.parquet(study, columns, row -> each(study, row));
    }

    @GET
    @Path("measures.json")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "What each column of measures is, as BIDS describes columns of tables")
    public Map<String, Map<String, String>> dictionary(@PathParam("study") String study) {
        tables.known(study);
        return MeasureColumns.dictionary();
    }

    @GET
    @Path("idps.tsv")
    @Produces("text/tab-separated-values")
    @Operation(
            summary = "The numbers of one pipeline as Nipoppy's imaging-derived phenotypes, a row for each session",
            description = IDPS)
    public StreamingOutput phenotypes(
            @PathParam("study") String study, @QueryParam("pipeline") @Nullable String pipeline) {
        List<Newest> runs = certain(study, pipeline);
        PhenotypeTable table = table(runs);
        return tables.of(
                study,
                TSV,
                table.header().stream().map(Cells::text).toList(),
                row -> measures.read(runs, computed -> row.accept(safe(table.row(computed.run())))));
    }

    @GET
    @Path("idps.json")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "What each column of idps.tsv is, with its unit, as BIDS describes columns of tables")
    public Map<String, Map<String, String>> phenotypeDictionary(
            @PathParam("study") String study, @QueryParam("pipeline") @Nullable String pipeline) {
        return table(certain(study, pipeline)).dictionary();
    }

    private void each(String study, Consumer<List<?>> row) {
        measures.read(measures.newest(study), computed -> MeasureColumns.rows(computed)
                .forEach(row));
    }

    private List<Newest> certain(String study, @Nullable String pipeline) {
        tables.known(study);
        List<Newest> runs = measures.newest(study).stream()
                .filter(run -> run.pipeline().equals(pipeline) && run.state().equals("SUCCEEDED"))
                .toList();
        if (runs.isEmpty()) {
            throw new NotFoundException(
                    "No pipeline '" + pipeline + "' has results of study " + study + "; name one by ?pipeline=");
        }
        return runs;
    }

    private PhenotypeTable table(List<Newest> runs) {
        PhenotypeTable table = new PhenotypeTable(runs.get(0).pipeline());
        measures.read(runs, computed -> table.learn(computed.run()));
        return table;
    }

    /** Texts that no spreadsheet evaluates as formulas. */
    private static List<?> safe(List<?> cells) {
        List<@Nullable Object> safe = new ArrayList<>();
        for (Object cell : cells) {
            safe.add(cell instanceof String text ? Cells.text(text) : cell);
        }
        return safe;
    }
}
