package org.datman.ingest.setting;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** A named value. */
@Entity
class Setting {

    @Id
    private String name;

    private String value;

    /** For Hibernate. */
    protected Setting() {}

    Setting(String name, String value) {
        this.name = name;
        this.value = value;
    }

    String value() {
        return value;
    }

    void change(String to) {
        value = to;
    }
}
