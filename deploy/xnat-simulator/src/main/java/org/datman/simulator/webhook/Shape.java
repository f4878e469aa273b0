package org.datman.simulator.webhook;

/** The bodies that a site may send. */
public enum Shape {
    /** The complete body of a site's script: source, event, status, dataType, dataId, externalId, time … */
    CANONICAL,
    /** The body of a container command or a short script: dataId, externalId, event, status. */
    SCRIPT,
    /** The payload model of XNAT's Event Service: id, project-id, type, scans … with dashes in the keys. */
    EVENT_SERVICE
}
