"""The figures of the spine: server, control plane, objects, endpoints and jobs."""
