package org.datman.ingest.failure;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.datman.contracts.event.ProcessingFailed.Kind;
import org.datman.contracts.event.Reason;
import org.datman.ingest.IngestSettings;
import org.datman.ingest.xnat.XnatAvailability;
import org.datman.xnat.XnatDenied;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatSettings;

/**
 * Whether the server of the sessions answers. Who asks it says here what came of it: all pause while it is unavailable, and an outage is
 * published once, whoever meets it, as is its end.
 */
@ApplicationScoped
public class Outages {

    private static final String STAGE = "xnat";
    private static final String AWAY = "xnat-away";
    private static final String REFUSES = "xnat-refuses-account";

    private final XnatAvailability availability;
    private final Troubles troubles;
    private final IngestSettings settings;
    private final String server;
    private final String product;

    Outages(XnatAvailability availability, Troubles troubles, IngestSettings settings, XnatSettings xnat) {
        this.availability = availability;
        this.troubles = troubles;
        this.settings = settings;
        this.server = xnat.server();
        this.product = xnat.kind().product();
    }

    /** How long to pause before the next request; empty to continue. */
    public Optional<Duration> backOff() {
        return availability.backOff();
    }

    /** It answered. */
    public void up() {
        availability.up();
        reachable();
        troubles.end(STAGE, about(REFUSES), Reason.of("xnat-account-resumed", product + " takes the account again"));
    }

    private void reachable() {
        troubles.end(STAGE, about(AWAY), Reason.of("xnat-resumed", product + " answers again"));
    }

    /**
     * It did not answer.
     *
     * @return whether it counts as unavailable as a whole, and that is published
     */
    public boolean down(XnatOutage e) {
        int inARow = availability.down(e.getMessage());
        if (inARow < settings.reportAfter()) {
            return false;
        }
        troubles.begin(
                STAGE,
                about(AWAY),
                AWAY,
                Kind.TRANSIENT,
                inARow,
                new Reason(
                        AWAY,
                        e.getMessage(),
                        "Nothing is lost: sessions wait and are read when " + product + " is back"));
        return true;
    }

    /** It answers, and refuses the account: all pause for this time. */
    public void refused(XnatDenied e, Duration hold) {
        int inARow = availability.refused(e.getMessage(), hold);
        reachable();
        troubles.begin(
                STAGE,
                about(REFUSES),
                REFUSES,
                Kind.PERMANENT,
                inARow,
                new Reason(
                        REFUSES,
                        e.getMessage(),
                        "Set the right password, or unlock the account on " + product + ". Sessions wait meanwhile"));
    }

    private String about(String trouble) {
        return trouble + "/" + server;
    }
}
