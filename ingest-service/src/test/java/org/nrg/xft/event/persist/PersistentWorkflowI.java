package org.nrg.xft.event.persist;

/** The part of the class of XNAT 1.8 to 1.10 that scripts can use. */
public interface PersistentWorkflowI {

    String getId();

    String getDataType();

    String getExternalid();

    String getPipelineName();

    String getStatus();

    Integer getWorkflowId();
}
