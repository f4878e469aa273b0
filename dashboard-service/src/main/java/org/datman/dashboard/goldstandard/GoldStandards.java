package org.datman.dashboard.goldstandard;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import org.datman.contracts.event.FileRef;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.event.GoldStandardSet;
import org.datman.contracts.event.GoldStandardSetBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.dashboard.listing.SessionListing;
import org.datman.dashboard.projection.DetailsReader;
import org.datman.dashboard.projection.OwnEvents;
import org.datman.dashboard.projection.SeriesDetails.Image;

/** Sets the image that others are compared with from a day on. QC uses it once it consumed the event. */
@ApplicationScoped
public class GoldStandards {

    private final DetailsReader detailsReader;
    private final SessionListing sessions;
    private final OwnEvents events;
    private final Clock clock;

    GoldStandards(DetailsReader detailsReader, SessionListing sessions, OwnEvents events, Clock clock) {
        this.detailsReader = detailsReader;
        this.sessions = sessions;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Makes an image the standard of its study, site and tag.
     *
     * @param stem the image as it is exported now
     * @param validFrom the first day on which it is valid
     * @return empty when the session has no such image, it has no sidecar to compare with, or the study and site that
     *     it would be the standard of are not known yet: there is no order between topics
     */
    @Transactional
    public Optional<GoldStandardSet> set(SessionRef session, String stem, LocalDate validFrom, String by) {
        Optional<SessionListing.Listed> listed = sessions.one(session.identity())
                .filter(known -> !known.study().isEmpty() && !known.site().isEmpty());
        Optional<Image> image = detailsReader.of(session.identity()).series().stream()
                .flatMap(series -> series.images().stream())
                .filter(i -> i.product().stem().equals(stem))
                .findFirst();
        Optional<FileRef> sidecar = image.flatMap(i -> i.product().file(FileRole.SIDECAR));
        if (listed.isEmpty() || sidecar.isEmpty()) {
            return Optional.empty();
        }
        GoldStandardSet event = GoldStandardSetBuilder.builder()
                .study(listed.get().study())
                .site(listed.get().site())
                .tag(image.get().product().tag())
                .validFrom(validFrom)
                .session(session)
                .stem(stem)
                .sidecar(sidecar.get())
                .setBy(by)
                .time(clock.instant())
                .dicom(image.get().product().file(FileRole.DICOM))
                .build();
        events.publish(event);
        return Optional.of(event);
    }
}
