package org.datman.dashboard.login;

import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.datman.dashboard.access.Access;

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
        return context.runBlocking(() -> QuarkusSecurityIdentity.builder(identity)
                .addAttribute(
                        Access.attribute(), granted.of(identity.getPrincipal().getName()))
                .build());
    }
}
