package org.datman.dashboard.login;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.datman.dashboard.access.Access;
import org.datman.dashboard.access.Grant;
import org.datman.dashboard.access.Role;

/** Gives an identity its grants, as they are stored at this request. */
@ApplicationScoped
class GrantsAugmentor implements SecurityIdentityAugmentor {

    private final GrantedRoles granted;

    GrantsAugmentor(GrantedRoles granted) {
        this.granted = granted;
    }

    /** After the login was found to be valid. */
    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (identity.isAnonymous()) {
            return Uni.createFrom().item(identity);
        }
        return context.runBlocking(() -> {
            List<Grant> all = granted.of(identity.getPrincipal().getName());
            Grant most = identity.getAttribute(TokenLogin.GRANT);
            if (most == null) {
                return QuarkusSecurityIdentity.builder(identity)
                        .addAttribute(Access.attribute(), all)
                        .build();
            }
            List<Grant> left =
                    all.stream().flatMap(grant -> grant.within(most).stream()).toList();
            return QuarkusSecurityIdentity.builder(identity)
                    .addRoles(Set.of(Role.of(left).split(",")))
                    .addAttribute(Access.attribute(), left)
                    .build();
        });
    }
}
