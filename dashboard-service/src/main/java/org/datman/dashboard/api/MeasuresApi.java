package org.datman.dashboard.api;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.ToolMeasure;
import org.datman.dashboard.listing.StudyListing;
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

    private final StudyListing studies;
    private final ToolMeasures measures;

    MeasuresApi(StudyListing studies, ToolMeasures measures) {
        this.studies = studies;
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
        if (!studies.known(study)) {
            throw new NotFoundException("No study " + study + " is configured or has sessions");
        }
        return out -> {
            CSVPrinter tsv =
                    new CSVPrinter(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), FORMAT);
            tsv.printRecord(ToolMeasures.columns().keySet());
            try {
                measures.all(study, run -> rows(tsv, run));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            tsv.flush();
        };
    }

    @GET
    @Path("measures.json")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "What each column of measures.tsv is, as BIDS describes columns of tables")
    public Map<String, Map<String, String>> dictionary(@PathParam("study") String study) {
        Map<String, Map<String, String>> dictionary = new LinkedHashMap<>();
        ToolMeasures.columns().forEach((column, meaning) -> dictionary.put(column, Map.of("Description", meaning)));
        return dictionary;
    }

    private static void rows(CSVPrinter tsv, PipelineUpdated run) {
        try {
            for (ToolMeasure measure : run.measures().orElse(List.of())) {
                tsv.printRecord(
                        run.study(),
                        run.sessionName(),
                        StudyApi.cell(run.pipeline()),
                        StudyApi.cell(run.tool()),
                        StudyApi.cell(run.toolVersion()),
                        run.runKey(),
                        run.time(),
                        StudyApi.cell(measure.measure()),
                        StudyApi.cell(measure.region()),
                        StudyApi.cell(measure.unit()),
                        measure.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
