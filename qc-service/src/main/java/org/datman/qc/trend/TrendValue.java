package org.datman.qc.trend;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.LocalDate;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.QcComplete.Acquisition;

/** A number of an image, in the history that it is part of. */
@Entity
@Table(name = "trend_value")
@SuppressWarnings("UnusedVariable") // columns that only queries compare
@IdClass(TrendValueKey.class)
class TrendValue {

    /** {@code server/accession}. */
    @Id
    private String session;

    @Id
    private String scan;

    @Id
    private String stem;

    @Id
    private String metric;

    @Id
    private String version;

    private String study;
    private String site;
    private String tag;
    private String scanner;
    private String software;
    private String coil;

    /** SHA-256 of the image. */
    private String content;

    private LocalDate day;
    private double value;
    private String level;

    /** For Hibernate. */
    protected TrendValue() {}

    TrendValue(TrendValueKey key, QcComplete result, Stratum stratum, LocalDate scanned, double number) {
        this.session = key.session();
        this.scan = key.scan();
        this.stem = key.stem();
        this.metric = key.metric();
        this.version = key.version();
        replace(result, stratum, scanned, number);
    }

    Stratum stratum() {
        return new Stratum(study, site, tag, new Acquisition(scanner, software, coil), metric, version);
    }

    final void replace(QcComplete result, Stratum stratum, LocalDate scanned, double number) {
        study = stratum.study();
        site = stratum.site();
        tag = stratum.tag();
        scanner = stratum.acquisition().scanner();
        software = stratum.acquisition().software();
        coil = stratum.acquisition().coil();
        content = result.inputSha256();
        day = scanned;
        value = number;
        level = result.verdict().level().name();
    }
}
