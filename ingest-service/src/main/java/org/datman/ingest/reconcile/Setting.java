package org.datman.ingest.reconcile;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A small fact that outlives a restart. */
@Entity
@Table(name = "remembered")
public class Setting extends PanacheEntityBase {

    @Id
    public String name;

    public String value;

    /** What is remembered under a name; empty text for nothing. In the current transaction. */
    public static String of(String name) {
        Setting found = findById(name);
        return found == null ? "" : found.value;
    }

    /** Remembers something. In the current transaction. */
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
