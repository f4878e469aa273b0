package org.datman.ingest.setting;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Named values that survive a restart. In the current transaction. */
@ApplicationScoped
public class Settings {

    private final Rows rows;

    Settings(Rows rows) {
        this.rows = rows;
    }

    @ApplicationScoped
    static class Rows implements PanacheRepositoryBase<Setting, String> {}

    /** The stored value of a name; empty text for none. */
    public String value(String name) {
        return rows.findByIdOptional(name).map(Setting::value).orElse("");
    }

    /** Stores a value. */
    public void store(String name, String value) {
        rows.findByIdOptional(name)
                .ifPresentOrElse(found -> found.change(value), () -> rows.persist(new Setting(name, value)));
    }
}
