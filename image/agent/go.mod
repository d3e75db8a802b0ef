module cdk8s-procdump/agent

go 1.22
