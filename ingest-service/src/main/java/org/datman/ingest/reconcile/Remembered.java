package org.datman.ingest.reconcile;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A small fact that outlives a restart. */
@Entity
public class Remembered extends PanacheEntityBase {

    @Id
    public String name;

    public String value;

    /** What is remembered under a name; empty text for nothing. In the current transaction. */
    public static String of(String name) {
        Remembered found = findById(name);
        return found == null ? "" : found.value;
    }

    /** Remembers something. In the current transaction. */
    public static void put(String name, String value) {
        Remembered fact = findById(name);
        if (fact == null) {
            fact = new Remembered();
            fact.name = name;
        }
        fact.value = value;
        fact.persist();
    }
}
