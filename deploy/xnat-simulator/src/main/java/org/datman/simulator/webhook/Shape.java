package org.datman.simulator.webhook;

/** The bodies that a site may send. */
public enum Shape {
    /** What a site's script sends that says all it knows: source, event, status, dataType, dataId, externalId, time … */
    CANONICAL,
    /** What a container command or a short script sends: dataId, externalId, event, status. */
    SCRIPT,
    /** The payload model of XNAT's Event Service: id, project-id, type, scans … with dashes in the keys. */
    EVENT_SERVICE
}
