package org.datman.dashboard.login;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.datman.dashboard.access.Grant;

/** The table of granted roles. */
@ApplicationScoped
class GrantedRoles implements PanacheRepository<GrantedRole> {

    private static final Sort ORDER = Sort.by("study", "site", "role");

    /** What an account was granted. Asked at every request, without a transaction. */
    @ActivateRequestContext
    List<Grant> of(String username) {
        return find("username", ORDER, username).stream()
                .map(GrantedRole::grant)
                .toList();
    }

    /** All grants by account. */
    Map<String, List<Grant>> all() {
        return listAll(ORDER).stream()
                .collect(Collectors.groupingBy(
                        GrantedRole::username, Collectors.mapping(GrantedRole::grant, Collectors.toList())));
    }

    void grant(String username, Grant grant) {
        withdraw(username, grant);
        persist(new GrantedRole(username, grant));
        flush();
    }

    /** Whether there was such a grant. */
    boolean withdraw(String username, Grant grant) {
        return delete(
                        "username = ?1 and role = ?2 and study = ?3 and site = ?4",
                        username,
                        grant.role(),
                        grant.study(),
                        grant.site())
                > 0;
    }

    void withdrawAll(String username) {
        delete("username", username);
    }
}
