package org.datman.dashboard.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.datman.dashboard.api.ParquetTable.Type;
import org.datman.dashboard.listing.StudyListing;
import org.datman.dashboard.projection.Rebuild;
import org.datman.dashboard.web.Links;
import org.datman.platform.event.OutageException;

/** Tables of a whole study for download: all of its rows, or an error. */
@ApplicationScoped
class StudyTables {

    private final StudyListing studies;
    private final Rebuild rebuild;

    StudyTables(StudyListing studies, Rebuild rebuild) {
        this.studies = studies;
        this.rebuild = rebuild;
    }

    /** @throws NotFoundException when no such study is configured or has sessions */
    void known(String study) {
        if (!study.equals(Links.NO_STUDY) && !studies.known(study)) {
            throw new NotFoundException("No study " + study + " is configured or has sessions");
        }
    }

    /**
     * A table, row by row, as CSV or TSV.
     *
     * @param rows passes each row on
     * @throws NotFoundException when there is no such study
     * @throws OutageException while the read model is rebuilt; when that begins during the download, the connection breaks off
     */
    StreamingOutput of(String study, CSVFormat format, Collection<String> columns, Consumer<Consumer<List<?>>> rows) {
        return of(study, rows, (out, whole) -> {
            CSVPrinter table =
                    new CSVPrinter(new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)), format);
            table.printRecord(columns);
            try {
                whole.accept(row -> print(table, row));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            table.flush();
        });
    }

    /** The same as Parquet; of a download that breaks off no reader takes the part for a table. */
    StreamingOutput parquet(String study, Map<String, Type> columns, Consumer<Consumer<List<?>>> rows) {
        return of(study, rows, (out, whole) -> ParquetTable.write(out, columns, whole));
    }

    /** Writes rows in a form, with what that form has at its end. */
    private interface Form {

        void write(OutputStream out, Consumer<Consumer<List<?>>> rows) throws IOException;
    }

    private StreamingOutput of(String study, Consumer<Consumer<List<?>>> rows, Form form) {
        known(study);
        Rebuild.Progress before = rebuild.progress();
        if (before.wanted()) {
            throw new OutageException(
                    "The dashboard is being rebuilt: not all numbers are there. Download them afterwards");
        }
        return out -> form.write(
                out, whole(study, rows, () -> !Objects.equals(rebuild.progress().started(), before.started())));
    }

    /** The rows; after the last, before the end of the table is written, it fails if the read model was rebuilt meanwhile. */
    static Consumer<Consumer<List<?>>> whole(String study, Consumer<Consumer<List<?>>> rows, BooleanSupplier rebuilt) {
        return row -> {
            rows.accept(row);
            if (rebuilt.getAsBoolean()) {
                // The answer has begun: only a broken connection can say now that it is not whole.
                throw new UncheckedIOException(new IOException(
                        "The dashboard was rebuilt while the numbers of study " + study + " were downloaded"));
            }
        };
    }

    private static void print(CSVPrinter table, List<?> row) {
        try {
            table.printRecord(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
