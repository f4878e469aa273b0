package org.datman.dashboard.pipeline;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.PipelineAnswered;
import org.datman.contracts.event.PipelineAnswered.Answer;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.Projector;
import org.datman.dashboard.projection.Recorded;
import org.datman.dashboard.projection.SessionDetails;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.nifti.NiftiHeader;
import org.datman.imaging.nifti.NiftiReader;
import org.datman.platform.archive.Archive;

/** What people answer to manual steps of pipelines. */
@ApplicationScoped
public class ManualSteps {

    /** Code of the reason with which a step waits for a person. */
    public static final String CODE = "manual-step";

    private static final double SAME_PLACE_MM = 0.05;

    private final Projector projector;
    private final DetailsReader detailsReader;
    private final OwnEvents events;
    private final Archive archive;
    private final Clock clock;

    ManualSteps(Projector projector, DetailsReader detailsReader, OwnEvents events, Archive archive, Clock clock) {
        this.projector = projector;
        this.detailsReader = detailsReader;
        this.events = events;
        this.archive = archive;
        this.clock = clock;
    }

    /** Whether what a pipeline said is that it waits for a person. */
    public static boolean isOpen(PipelineUpdated event) {
        return event.state() == PipelineUpdated.State.WAITING
                && event.reason().filter(why -> why.code().equals(CODE)).isPresent();
    }

    /**
     * Answers the manual step of a session.
     *
     * @param runKey what the person looked at
     * @throws ClientErrorException when it is not open, or open for other files, or answered otherwise (409), or a corrected file is not there or
     *     does not fit, with the reason
     */
    public PipelineAnswered answer(SessionRef session, String pipeline, String runKey, Answer answer, String by) {
        // Files are read before the session is locked: they may be large.
        Map<String, FileRef> corrected =
                answer == Answer.CORRECTED ? corrected(open(session, pipeline, runKey)) : Map.of();
        return QuarkusTransaction.requiringNew().call(() -> {
            projector.lock(session.identity());
            SessionDetails details = detailsReader.of(session.identity());
            PipelineAnswered before = details.answered(pipeline, runKey).orElse(null);
            String study;
            if (answer == Answer.REOPENED) {
                if (before == null) {
                    throw refused("No answer to " + pipeline + " of these files holds for this session");
                }
                study = before.study();
            } else {
                study = open(details, pipeline, runKey).study();
                if (before != null) {
                    requireSame(before, answer, corrected);
                    return before;
                }
            }
            PipelineAnswered event =
                    new PipelineAnswered(session, study, pipeline, runKey, answer, corrected, by, clock.instant());
            events.publish(event);
            return event;
        });
    }

    /** Two that answer at once: the answer that is not taken must not look as if it were. */
    private static void requireSame(PipelineAnswered before, Answer answer, Map<String, FileRef> corrected) {
        if (before.answer() != answer || !before.corrected().equals(corrected)) {
            throw refused(before.pipeline() + " is answered already: " + before.basis()
                    + ". If that is wrong, load the page again and press 'Ask again'");
        }
    }

    private PipelineUpdated open(SessionRef session, String pipeline, String runKey) {
        return QuarkusTransaction.requiringNew()
                .call(() -> open(detailsReader.of(session.identity()), pipeline, runKey));
    }

    private static PipelineUpdated open(SessionDetails details, String pipeline, String runKey) {
        PipelineUpdated last = details.runs().stream()
                .map(Recorded::event)
                .filter(any -> any.pipeline().equals(pipeline))
                .findFirst()
                .filter(ManualSteps::isOpen)
                .orElseThrow(() -> refused(pipeline + " does not wait for a person for this session now"));
        if (!last.runKey().equals(runKey)) {
            throw refused(
                    "The files of " + pipeline + " are others than those that were looked at. Load the page again");
        }
        return last;
    }

    /** The corrected files that are there, each in the grid of the one that it replaces. */
    private Map<String, FileRef> corrected(PipelineUpdated step) {
        Map<String, FileRef> corrected = new TreeMap<>();
        if (step.places().orElse(Map.of()).isEmpty()) {
            throw refused("No input of " + step.pipeline() + " is one file, which could be corrected");
        }
        List<String> places = new ArrayList<>();
        // Of the files to look at, those that may be corrected come first, in the order of the ids.
        int index = 0;
        for (Map.Entry<String, String> place : new TreeMap<>(step.places().orElse(Map.of())).entrySet()) {
            FileRef original = step.outputs().get(index++);
            places.add(place.getValue());
            Path file = archive.resolve(place.getValue());
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            try {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        || !file.toRealPath().equals(archive.root().toRealPath().resolve(place.getValue()))) {
                    throw refused(place.getValue() + " is a link or no file. Put the file itself there");
                }
                fault(file, original).ifPresent(what -> {
                    throw refused(place.getValue() + " " + what + ". Correct it, and answer again");
                });
                corrected.put(place.getKey(), archive.describe(FileRole.OUTPUT, file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (corrected.isEmpty()) {
            throw refused("There is no corrected file in the archive yet. Put it at " + String.join(", or ", places));
        }
        return corrected;
    }

    private Optional<String> fault(Path file, FileRef original) throws IOException {
        if (Files.size(file) == 0) {
            return Optional.of("is empty");
        }
        if (!original.path().endsWith(".nii") && !original.path().endsWith(".nii.gz")) {
            return Optional.empty();
        }
        try {
            return header(file).hasGridOf(header(archive.resolve(original.path())), SAME_PLACE_MM)
                    ? Optional.empty()
                    : Optional.of("has another grid than " + original.path());
        } catch (ImageFormatException e) {
            return Optional.of("cannot be read as NIfTI: " + e.getMessage());
        }
    }

    private static NiftiHeader header(Path image) throws IOException {
        try (NiftiReader reader = NiftiReader.open(image)) {
            return reader.header();
        }
    }

    private static ClientErrorException refused(String why) {
        return new ClientErrorException(why, Response.Status.CONFLICT);
    }
}
