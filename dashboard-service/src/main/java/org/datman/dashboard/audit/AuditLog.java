package org.datman.dashboard.audit;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import io.quarkus.panache.common.Page;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.datman.dashboard.access.Access;
import org.jspecify.annotations.Nullable;

/**
 * Records what people do and try. A decision and its entry are one transaction: neither is there without the other. No free text that a
 * person wrote is in it, so no participant is.
 */
@ApplicationScoped
public class AuditLog implements PanacheRepository<AuditEvent> {

    private final Access access;
    private final SecurityIdentity identity;
    private final Clock clock;

    AuditLog(Access access, SecurityIdentity identity, Clock clock) {
        this.access = access;
        this.identity = identity;
        this.clock = clock;
    }

    /**
     * What was done.
     *
     * @param study empty when it concerns none
     * @param subject what it was done to: a session, a file, an account
     */
    public record Entry(String kind, String study, String subject, String detail) {}

    /** An entry as it was recorded. */
    public record Logged(
            long id,
            Instant time,
            String actor,
            String address,
            String action,
            String study,
            String subject,
            String detail) {}

    /**
     * Which entries. Empty texts mean any.
     *
     * @param from first day, in UTC
     * @param to last day, in UTC
     * @param before only entries with a smaller id; null for the newest
     */
    public record Filter(
            String actor,
            String action,
            String study,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Long before) {}

    /** Records what the person of the request does; nothing when no request is served. */
    @Transactional
    public void record(Entry entry) {
        access.request().ifPresent(request -> store(identity.getPrincipal().getName(), address(request), entry));
    }

    /** Records what somebody does who is not logged in yet, or no longer. */
    @Transactional
    public void record(String actor, String address, Entry entry) {
        store(actor, address, entry);
    }

    /** The address that a request came from; behind a proxy that of the browser. */
    public static String address(@Nullable RoutingContext request) {
        return Optional.ofNullable(request)
                .map(known -> known.request().remoteAddress())
                .map(address -> Optional.ofNullable(address.hostAddress()).orElse(""))
                .orElse("");
    }

    private void store(String actor, String address, Entry entry) {
        persist(new AuditEvent(clock.instant(), actor, address, entry));
    }

    /** The entries that the filter lets through, the newest first. */
    @Transactional
    public List<Logged> find(Filter filter, int most) {
        List<String> where = new ArrayList<>(List.of("1 = 1"));
        Map<String, Object> values = new HashMap<>();
        equal(where, values, "actor", filter.actor());
        equal(where, values, "action", filter.action());
        equal(where, values, "study", filter.study());
        if (filter.from() != null) {
            where.add("time >= :from");
            values.put("from", filter.from().atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        if (filter.to() != null) {
            where.add("time < :to");
            values.put(
                    "to", filter.to().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
        }
        if (filter.before() != null) {
            where.add("id < :before");
            values.put("before", filter.before());
        }
        return find(String.join(" and ", where) + " order by id desc", values).page(Page.ofSize(most)).stream()
                .map(AuditEvent::logged)
                .toList();
    }

    private static void equal(List<String> where, Map<String, Object> values, String column, String value) {
        if (!value.isEmpty()) {
            where.add(column + " = :" + column);
            values.put(column, value);
        }
    }
}
