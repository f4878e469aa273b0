package org.datman.ingest.reconcile;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A small value that is kept across restarts. */
@Entity
@Table(name = "remembered")
public class Setting extends PanacheEntityBase {

    @Id
    public String name;

    public String value;

    /** The stored value of a name; empty text for none. In the current transaction. */
    public static String of(String name) {
        Setting found = findById(name);
        return found == null ? "" : found.value;
    }

    /** Stores a value. In the current transaction. */
    public static void put(String name, String value) {
        Setting fact = findById(name);
        if (fact == null) {
            fact = new Setting();
            fact.name = name;
        }
        fact.value = value;
        fact.persist();
    }
}
