package org.datman.dashboard.page;

import io.quarkus.arc.Arc;
import io.quarkus.qute.TemplateExtension;
import io.quarkus.security.identity.SecurityIdentity;
import java.util.List;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.Role;
import org.datman.dashboard.failure.Reprocess;
import org.datman.dashboard.listing.SessionListing;

/** Template functions that need no value. */
final class PageFunctions {

    private PageFunctions() {}

    /** {@code {user:name}}, {@code {user:may('rater')}}, {@code {user:may('rater', study, site)}}. */
    @TemplateExtension(namespace = "user")
    static final class User {

        private User() {}

        static String name() {
            return identity().getPrincipal().getName();
        }

        static boolean may(String role) {
            return identity().hasRole(role);
        }

        /** Whether the person has the role in the study and site. */
        static boolean may(String role, String study, String site) {
            return access().scopeOf(role).site(study, site);
        }

        /** Whether the person may acknowledge alarms of the study and site. */
        static boolean acknowledges(String study, String site) {
            return may(Role.RATER, study, site)
                    || may(Role.TECHNOLOGIST, study, site)
                    || may(Role.PHYSICIST, study, site);
        }

        private static Access access() {
            return Arc.container().instance(Access.class).get();
        }

        private static SecurityIdentity identity() {
            return Arc.container().instance(SecurityIdentity.class).get();
        }
    }

    /** {@code {words:states}} and the like: the values of filters. */
    @TemplateExtension(namespace = "words")
    static final class Choices {

        private Choices() {}

        static List<String> states() {
            return SessionListing.STATES;
        }

        static List<String> verdicts() {
            return SessionListing.VERDICTS;
        }

        static List<String> reviews() {
            return SessionListing.REVIEWS;
        }

        static boolean retriable(String service, String stage, String deadLetter, String session) {
            return !session.isEmpty()
                    && Reprocess.retryOf(service, stage, deadLetter).isPresent();
        }
    }
}
