package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ToolMeasure;
import org.datman.dashboard.login.Role;
import org.datman.dashboard.metric.ToolMeasures;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What tools computed of the sessions of a study, as one table. */
@Path("/api/studies/{study}")
@RolesAllowed(Role.VIEWER)
public class MeasuresApi {

    /** No text of the table has a tab or a line end, and BIDS knows no quotes in tables. */
    private static final CSVFormat FORMAT =
            CSVFormat.TDF.builder().setQuote(null).setRecordSeparator('\n').get();

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
            description =
                    "Of each session and pipeline those of the newest run that ended well. The columns are described by measures.json.")
    public StreamingOutput table(@PathParam("study") String study) {
        return tables.of(
                study,
                FORMAT,
                ToolMeasures.columns().keySet(),
                row -> measures.all(study, computed -> rows(computed).forEach(row)));
    }

    @GET
    @Path("measures.json")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "What each column of measures.tsv is, as BIDS describes columns of tables")
    public Map<String, Map<String, String>> dictionary(@PathParam("study") String study) {
        tables.known(study);
        Map<String, Map<String, String>> dictionary = new LinkedHashMap<>();
        ToolMeasures.columns().forEach((column, meaning) -> dictionary.put(column, Map.of("Description", meaning)));
        return dictionary;
    }

    private static List<List<?>> rows(ToolMeasures.Computed computed) {
        PipelineUpdated run = computed.run();
        List<List<?>> rows = new ArrayList<>();
        for (ToolMeasure measure : run.measures().orElse(List.of())) {
            rows.add(List.of(
                    run.study(),
                    run.sessionName(),
                    StudyTables.cell(run.pipeline()),
                    StudyTables.cell(run.tool()),
                    StudyTables.cell(run.toolVersion()),
                    run.runKey(),
                    run.time(),
                    computed.state().toLowerCase(Locale.ROOT),
                    computed.reason().isEmpty() ? "n/a" : computed.reason(),
                    StudyTables.cell(measure.measure()),
                    StudyTables.cell(measure.region()),
                    StudyTables.cell(measure.unit()),
                    measure.value()));
        }
        return rows;
    }
}
