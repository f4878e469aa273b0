package org.datman.dashboard.login;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.datman.dashboard.access.Grant;
import org.jspecify.annotations.Nullable;

/** A row of the table of granted roles. */
@Entity
@Table(name = "granted_role")
class GrantedRole {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    private String username;
    private String role;
    private String study;
    private String site;

    /** For Hibernate. */
    protected GrantedRole() {}

    GrantedRole(String username, Grant grant) {
        this.username = username;
        this.role = grant.role();
        this.study = grant.study();
        this.site = grant.site();
    }

    String username() {
        return username;
    }

    Grant grant() {
        return new Grant(role, study, site);
    }
}
