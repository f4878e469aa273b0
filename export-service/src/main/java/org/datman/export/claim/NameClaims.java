package org.datman.export.claim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.datman.contracts.event.EventJson;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.SeriesTagged;
import org.datman.contracts.event.SeriesTagged.Assignment;
import org.datman.contracts.event.SessionRef;
import org.datman.contracts.provenance.Provenance;
import org.datman.export.index.ExportPaths;
import org.datman.export.index.SeriesState;
import org.datman.export.index.SeriesStates;
import org.datman.export.layout.ImageNaming;
import org.datman.export.request.ExportRequest;
import org.datman.export.request.SeriesFailure;
import org.datman.platform.archive.Archive;

/** Finds out which names a scan may use. Reads the archive; only a refusal is stored, so that it is tried again. */
@ApplicationScoped
public class NameClaims {

    /** Maximum number of times an export is published again without rewriting its provenance. */
    private static final long MOST_REPUBLICATIONS = 1000;

    private final Archive archive;
    private final SeriesStates states;
    private final TakenNames taken;

    public NameClaims(Archive archive, SeriesStates states, TakenNames taken) {
        this.archive = archive;
        this.states = states;
        this.taken = taken;
    }

    /**
     * The names of a request.
     *
     * @throws SeriesFailure when a name belongs to another session
     */
    public NameClaim claim(ExportRequest request) throws IOException, SeriesFailure {
        SeriesTagged tagged = request.tagged();
        List<Assignment> assignments = unclaimed(tagged, request.cause().correlationId());
        return new NameClaim(
                assignments,
                revision(request, assignments),
                states.all(tagged.session()),
                request.isPublished() ? scans(request.before().orElseThrow()) : List.of());
    }

    /**
     * The assignments with stems that no other scan has. XNAT merges a repeated series number of one session as {@code 3-MR1}:
     * its stem gets the scan's id. A name of another session is never taken over.
     */
    private List<Assignment> unclaimed(SeriesTagged tagged, String correlationId) throws IOException, SeriesFailure {
        List<Assignment> assignments = new ArrayList<>();
        for (Assignment a : tagged.assignments()) {
            Optional<Provenance.Origin> owner = owner(tagged, a.stem());
            if (owner.isEmpty()) {
                assignments.add(a);
            } else if (owner.get().session().equals(tagged.session())) {
                assignments.add(a.withStem(ImageNaming.extended(a.stem(), "-scan" + tagged.scan())));
            } else {
                String path = ExportPaths.of(FileRole.PROVENANCE, tagged, a.stem());
                throw new SeriesFailure(taken.refused(
                        TakenName.ofScan(tagged.session(), tagged.scan(), path, correlationId),
                        "The name " + a.stem() + " belongs to scan "
                                + owner.get().scan() + " of session "
                                + owner.get().session().identity() + " already"));
            }
        }
        return assignments;
    }

    /** The other scan with files under that stem, according to both provenance and index. */
    private Optional<Provenance.Origin> owner(SeriesTagged tagged, String stem) throws IOException {
        String path = ExportPaths.of(FileRole.PROVENANCE, tagged, stem);
        Path file = archive.resolve(path);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        Optional<Provenance.Origin> origin = origin(file);
        if (origin.isEmpty()) {
            return ownerByIndex(tagged, path);
        }
        if (isOf(tagged, origin.get().session(), origin.get().scan())) {
            return Optional.empty();
        }
        return states.read(origin.get().session(), origin.get().scan())
                .filter(state -> state.paths().contains(path))
                .flatMap(state -> origin);
    }

    /** The origin in a provenance file; empty when it is damaged. */
    private static Optional<Provenance.Origin> origin(Path provenance) throws IOException {
        try {
            JsonNode json = EventJson.mapper().readTree(provenance.toFile()).path("origin");
            return Optional.ofNullable(EventJson.mapper().treeToValue(json, Provenance.Origin.class));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }

    /** The other scan that has a file, from the whole index: slow, used if the file itself has no origin. */
    private Optional<Provenance.Origin> ownerByIndex(SeriesTagged tagged, String path) throws IOException {
        if (states.read(tagged.session(), tagged.scan())
                .filter(own -> own.paths().contains(path))
                .isPresent()) {
            return Optional.empty();
        }
        for (SessionRef session : states.sessions()) {
            for (SeriesState state : states.all(session)) {
                if (!isOf(tagged, session, state.tagged().scan())
                        && state.paths().contains(path)) {
                    return Optional.of(Provenance.Origin.of(state.tagged()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(SeriesTagged tagged, SessionRef session, String scan) {
        return session.equals(tagged.session()) && scan.equals(tagged.scan());
    }

    /**
     * The number of this export. If the index was lost, the provenance of the remaining files contains the number of an earlier one,
     * and this one is greater than all numbers published since: the other services skip older exports.
     */
    private long revision(ExportRequest request, List<Assignment> assignments) throws IOException {
        long next = request.nextRevision();
        for (Assignment assignment : request.before().isPresent() ? List.<Assignment>of() : assignments) {
            Path file = archive.resolve(ExportPaths.of(FileRole.PROVENANCE, request.tagged(), assignment.stem()));
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                next = Math.max(next, known(file) + MOST_REPUBLICATIONS);
            }
        }
        return next;
    }

    private static long known(Path provenance) throws IOException {
        try {
            return EventJson.mapper()
                    .readTree(provenance.toFile())
                    .at("/run/exportRevision")
                    .asLong();
        } catch (JsonProcessingException damaged) {
            return 0;
        }
    }

    /** The source scans of the images of a state. */
    private List<String> scans(SeriesState state) throws IOException {
        return provenance(state)
                .flatMap(Provenance::parts)
                .map(parts -> parts.stream().map(Provenance.Origin::scan).toList())
                .orElse(List.of(state.tagged().scan()));
    }

    /** The provenance of the images of a state; empty when it is missing or unreadable. */
    private Optional<Provenance> provenance(SeriesState state) throws IOException {
        Optional<Path> file = state.file(FileRole.PROVENANCE).map(one -> archive.resolve(one.path()));
        if (file.isEmpty() || !Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(EventJson.mapper().readValue(file.get().toFile(), Provenance.class));
        } catch (JsonProcessingException damaged) {
            return Optional.empty();
        }
    }
}
