package org.datman.dashboard.picture;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotFoundException;
import java.util.Arrays;
import java.util.Locale;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.AccessScope;
import org.datman.dashboard.access.Role;
import org.jdbi.v3.core.Jdbi;

/** Which files of the archive a request may have: those of its studies and sites, and DICOM only with the role for it. */
@ApplicationScoped
class GrantedFiles {

    private final Jdbi jdbi;
    private final Access access;

    GrantedFiles(Jdbi jdbi, Access access) {
        this.jdbi = jdbi;
        this.access = access;
    }

    /** Whether a file is kept or received DICOM, by its path in the archive. */
    static boolean isDicom(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.matches("[^/]+/dcm/.*") || lower.matches(".*\\.(dcm|ima|dicom)(\\.gz)?");
    }

    /**
     * @param path in the archive
     * @throws NotFoundException when it is of a study or site that the request may not see
     * @throws ForbiddenException when it is DICOM of a site for which the person does not have the role
     */
    void require(String path) {
        if (!isIn(access.scope(), path)) {
            throw new NotFoundException("The archive has no such file");
        }
        if (isDicom(path) && !isIn(access.scopeOf(Role.DICOM), path)) {
            throw new ForbiddenException("Kept DICOM needs the role " + Role.DICOM + " for its study or site");
        }
    }

    private boolean isIn(AccessScope scope, String path) {
        String[] parts = path.split("/");
        String study = parts[0];
        if (scope.wholeStudy(study)) {
            return true;
        }
        // With a role for some sites only: by the session whose name is a folder of the path.
        return scope.study(study)
                && jdbi
                        .withHandle(handle -> handle.createQuery(
                                        "select site from session where study = :study and name <> '' and name = any(:names)")
                                .bind("study", study)
                                .bindArray(
                                        "names",
                                        String.class,
                                        Arrays.asList(parts)
                                                .subList(1, Math.max(1, parts.length - 1))
                                                .toArray())
                                .mapTo(String.class)
                                .list())
                        .stream()
                        .anyMatch(site -> scope.site(study, site));
    }
}
