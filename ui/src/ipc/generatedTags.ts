// What each endpoint's answer is about and what each write and fact makes stale. Generated from tags.json; do not change it here.
import type { TagTable } from "./cacheTags";

export const TAGS: TagTable = {
  "endpoints": {
    "get_setup": {
      "method": "GET",
      "path": "/api/v1/setup",
      "provides": [
        "session"
      ],
      "invalidates": []
    },
    "set_up": {
      "method": "POST",
      "path": "/api/v1/setup",
      "provides": [],
      "invalidates": [
        "session",
        "person",
        "agent",
        "persona"
      ]
    },
    "sign_in": {
      "method": "POST",
      "path": "/api/v1/session",
      "provides": [],
      "invalidates": [
        "session"
      ]
    },
    "get_session": {
      "method": "GET",
      "path": "/api/v1/session",
      "provides": [
        "session"
      ],
      "invalidates": []
    },
    "sign_out": {
      "method": "DELETE",
      "path": "/api/v1/session",
      "provides": [],
      "invalidates": [
        "session"
      ]
    },
    "change_password": {
      "method": "PUT",
      "path": "/api/v1/session/password",
      "provides": [],
      "invalidates": [
        "session"
      ]
    },
    "list_users": {
      "method": "GET",
      "path": "/api/v1/users",
      "provides": [
        "person"
      ],
      "invalidates": []
    },
    "create_user": {
      "method": "POST",
      "path": "/api/v1/users",
      "provides": [],
      "invalidates": [
        "person"
      ]
    },
    "get_user": {
      "method": "GET",
      "path": "/api/v1/users/{user}",
      "provides": [
        "person:{user}"
      ],
      "invalidates": []
    },
    "change_user": {
      "method": "PUT",
      "path": "/api/v1/users/{user}",
      "provides": [],
      "invalidates": [
        "person:{user}",
        "session"
      ]
    },
    "get_preferences": {
      "method": "GET",
      "path": "/api/v1/preferences",
      "provides": [
        "setting"
      ],
      "invalidates": []
    },
    "put_preferences": {
      "method": "PUT",
      "path": "/api/v1/preferences",
      "provides": [],
      "invalidates": [
        "setting"
      ]
    },
    "get_retention": {
      "method": "GET",
      "path": "/api/v1/retention",
      "provides": [
        "setting"
      ],
      "invalidates": []
    },
    "put_retention": {
      "method": "PUT",
      "path": "/api/v1/retention",
      "provides": [],
      "invalidates": [
        "setting",
        "audit"
      ]
    },
    "export_person": {
      "method": "POST",
      "path": "/api/v1/persons/export",
      "provides": [],
      "invalidates": [
        "audit"
      ]
    },
    "erase_person": {
      "method": "POST",
      "path": "/api/v1/persons/erase",
      "provides": [],
      "invalidates": [
        "audit",
        "person",
        "campaign",
        "task",
        "review",
        "content",
        "trend",
        "trace",
        "alert",
        "incident"
      ]
    },
    "get_home": {
      "method": "GET",
      "path": "/api/v1/home",
      "provides": [
        "audit",
        "review",
        "alert",
        "campaign"
      ],
      "invalidates": []
    },
    "events": {
      "method": "GET",
      "path": "/api/v1/events",
      "provides": [],
      "invalidates": []
    },
    "list_api_keys": {
      "method": "GET",
      "path": "/api/v1/keys",
      "provides": [
        "access_key"
      ],
      "invalidates": []
    },
    "make_api_key": {
      "method": "POST",
      "path": "/api/v1/keys",
      "provides": [],
      "invalidates": [
        "access_key",
        "audit"
      ]
    },
    "revoke_api_key": {
      "method": "DELETE",
      "path": "/api/v1/keys/{access_key}",
      "provides": [],
      "invalidates": [
        "access_key",
        "audit"
      ]
    },
    "list_tenants": {
      "method": "GET",
      "path": "/api/v1/swarm/tenants",
      "provides": [
        "tenant"
      ],
      "invalidates": []
    },
    "make_tenant": {
      "method": "POST",
      "path": "/api/v1/swarm/tenants",
      "provides": [],
      "invalidates": [
        "tenant",
        "audit"
      ]
    },
    "list_sessions": {
      "method": "GET",
      "path": "/api/v1/sessions",
      "provides": [
        "session"
      ],
      "invalidates": []
    },
    "sign_out_everywhere": {
      "method": "DELETE",
      "path": "/api/v1/sessions",
      "provides": [],
      "invalidates": [
        "session"
      ]
    },
    "list_agents": {
      "method": "GET",
      "path": "/api/v1/swarm/agents",
      "provides": [
        "agent"
      ],
      "invalidates": []
    },
    "get_agent": {
      "method": "GET",
      "path": "/api/v1/swarm/agents/{agent}",
      "provides": [
        "agent:{agent}"
      ],
      "invalidates": []
    },
    "pause_agent": {
      "method": "POST",
      "path": "/api/v1/swarm/agents/{agent}/pause",
      "provides": [],
      "invalidates": [
        "agent:{agent}",
        "status",
        "gauge",
        "audit"
      ]
    },
    "resume_agent": {
      "method": "POST",
      "path": "/api/v1/swarm/agents/{agent}/resume",
      "provides": [],
      "invalidates": [
        "agent:{agent}",
        "status",
        "gauge",
        "audit"
      ]
    },
    "restart_agent": {
      "method": "POST",
      "path": "/api/v1/swarm/agents/{agent}/restart",
      "provides": [],
      "invalidates": [
        "agent:{agent}",
        "status",
        "gauge",
        "audit"
      ]
    },
    "get_status": {
      "method": "GET",
      "path": "/api/v1/status",
      "provides": [
        "status"
      ],
      "invalidates": []
    },
    "get_gauge": {
      "method": "GET",
      "path": "/api/v1/swarm/gauge",
      "provides": [
        "gauge"
      ],
      "invalidates": []
    },
    "stop_everything": {
      "method": "POST",
      "path": "/api/v1/swarm/stop",
      "provides": [],
      "invalidates": [
        "gauge",
        "campaign",
        "campaign_tasks",
        "effect"
      ]
    },
    "release_stop": {
      "method": "POST",
      "path": "/api/v1/swarm/release",
      "provides": [],
      "invalidates": [
        "gauge"
      ]
    },
    "open_swarm_session": {
      "method": "POST",
      "path": "/api/v1/swarm/tenants/{tenant}/sessions",
      "provides": [],
      "invalidates": [
        "campaign",
        "gauge"
      ]
    },
    "get_swarm_session": {
      "method": "GET",
      "path": "/api/v1/swarm/tenants/{tenant}/sessions/{session}",
      "provides": [
        "campaign:{session}"
      ],
      "invalidates": []
    },
    "get_swarm_task": {
      "method": "GET",
      "path": "/api/v1/swarm/tenants/{tenant}/tasks/{task}",
      "provides": [
        "task:{task}"
      ],
      "invalidates": []
    },
    "get_swarm_task_result": {
      "method": "GET",
      "path": "/api/v1/swarm/tenants/{tenant}/tasks/{task}/result",
      "provides": [
        "task:{task}"
      ],
      "invalidates": []
    },
    "list_swarm_reviews": {
      "method": "GET",
      "path": "/api/v1/swarm/tenants/{tenant}/reviews",
      "provides": [
        "review"
      ],
      "invalidates": []
    },
    "decide_swarm_review": {
      "method": "POST",
      "path": "/api/v1/swarm/tenants/{tenant}/reviews/{review}/decision",
      "provides": [],
      "invalidates": [
        "review:{review}",
        "effect",
        "gauge"
      ]
    },
    "list_campaigns": {
      "method": "GET",
      "path": "/api/v1/campaigns",
      "provides": [
        "campaign"
      ],
      "invalidates": []
    },
    "create_campaign": {
      "method": "POST",
      "path": "/api/v1/campaigns",
      "provides": [],
      "invalidates": [
        "campaign"
      ]
    },
    "get_campaign": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}",
      "provides": [
        "campaign:{campaign}"
      ],
      "invalidates": []
    },
    "amend_campaign": {
      "method": "PATCH",
      "path": "/api/v1/campaigns/{campaign}",
      "provides": [],
      "invalidates": [
        "campaign:{campaign}",
        "campaign_tasks:{campaign}",
        "review",
        "effect",
        "gauge"
      ]
    },
    "get_plan": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/plan",
      "provides": [
        "plan:{campaign}"
      ],
      "invalidates": []
    },
    "make_plan": {
      "method": "POST",
      "path": "/api/v1/campaigns/{campaign}/plan",
      "provides": [],
      "invalidates": [
        "plan:{campaign}",
        "campaign:{campaign}"
      ]
    },
    "edit_plan": {
      "method": "PUT",
      "path": "/api/v1/campaigns/{campaign}/plan",
      "provides": [],
      "invalidates": [
        "plan:{campaign}",
        "campaign:{campaign}"
      ]
    },
    "start_campaign": {
      "method": "POST",
      "path": "/api/v1/campaigns/{campaign}/start",
      "provides": [],
      "invalidates": [
        "campaign:{campaign}",
        "campaign_tasks:{campaign}",
        "review",
        "effect",
        "gauge"
      ]
    },
    "pause_campaign": {
      "method": "POST",
      "path": "/api/v1/campaigns/{campaign}/pause",
      "provides": [],
      "invalidates": [
        "campaign:{campaign}",
        "campaign_tasks:{campaign}",
        "review",
        "effect",
        "gauge"
      ]
    },
    "resume_campaign": {
      "method": "POST",
      "path": "/api/v1/campaigns/{campaign}/resume",
      "provides": [],
      "invalidates": [
        "campaign:{campaign}",
        "campaign_tasks:{campaign}",
        "review",
        "effect",
        "gauge"
      ]
    },
    "cancel_campaign": {
      "method": "POST",
      "path": "/api/v1/campaigns/{campaign}/cancel",
      "provides": [],
      "invalidates": [
        "campaign:{campaign}",
        "campaign_tasks:{campaign}",
        "review",
        "effect",
        "gauge"
      ]
    },
    "get_progress": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/progress",
      "provides": [
        "campaign_tasks:{campaign}"
      ],
      "invalidates": []
    },
    "list_tasks": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/tasks",
      "provides": [
        "campaign_tasks:{campaign}"
      ],
      "invalidates": []
    },
    "get_graph": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/graph",
      "provides": [
        "campaign_tasks:{campaign}"
      ],
      "invalidates": []
    },
    "list_campaign_effects": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/effects",
      "provides": [
        "effect"
      ],
      "invalidates": []
    },
    "list_campaign_publications": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/publications",
      "provides": [
        "content"
      ],
      "invalidates": []
    },
    "list_campaign_content": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/content",
      "provides": [
        "content"
      ],
      "invalidates": []
    },
    "list_campaign_calls": {
      "method": "GET",
      "path": "/api/v1/campaigns/{campaign}/calls",
      "provides": [
        "campaign_tasks:{campaign}"
      ],
      "invalidates": []
    },
    "get_task": {
      "method": "GET",
      "path": "/api/v1/tasks/{task}",
      "provides": [
        "task:{task}"
      ],
      "invalidates": []
    },
    "cancel_task": {
      "method": "POST",
      "path": "/api/v1/tasks/{task}/cancel",
      "provides": [],
      "invalidates": [
        "task:{task}",
        "campaign_tasks",
        "review",
        "effect",
        "gauge"
      ]
    },
    "list_skills": {
      "method": "GET",
      "path": "/api/v1/skills",
      "provides": [
        "skill"
      ],
      "invalidates": []
    },
    "list_reviews": {
      "method": "GET",
      "path": "/api/v1/reviews",
      "provides": [
        "review"
      ],
      "invalidates": []
    },
    "get_review": {
      "method": "GET",
      "path": "/api/v1/reviews/{review}",
      "provides": [
        "review:{review}",
        "effect"
      ],
      "invalidates": []
    },
    "claim_review": {
      "method": "POST",
      "path": "/api/v1/reviews/{review}/claim",
      "provides": [],
      "invalidates": [
        "review:{review}"
      ]
    },
    "release_claim": {
      "method": "DELETE",
      "path": "/api/v1/reviews/{review}/claim",
      "provides": [],
      "invalidates": [
        "review:{review}"
      ]
    },
    "check_edit": {
      "method": "POST",
      "path": "/api/v1/reviews/{review}/check-edit",
      "provides": [],
      "invalidates": []
    },
    "decide_review": {
      "method": "POST",
      "path": "/api/v1/reviews/{review}/decision",
      "provides": [],
      "invalidates": [
        "review:{review}",
        "task",
        "campaign_tasks",
        "effect",
        "content",
        "gauge"
      ]
    },
    "list_effects": {
      "method": "GET",
      "path": "/api/v1/effects",
      "provides": [
        "effect"
      ],
      "invalidates": []
    },
    "get_effect": {
      "method": "GET",
      "path": "/api/v1/effects/{effect}",
      "provides": [
        "effect:{effect}"
      ],
      "invalidates": []
    },
    "undo_effect": {
      "method": "POST",
      "path": "/api/v1/effects/{effect}/undo",
      "provides": [],
      "invalidates": [
        "review",
        "task",
        "campaign_tasks",
        "effect",
        "content",
        "gauge"
      ]
    },
    "reconcile_effect": {
      "method": "POST",
      "path": "/api/v1/effects/{effect}/reconcile",
      "provides": [],
      "invalidates": [
        "review",
        "task",
        "campaign_tasks",
        "effect",
        "content",
        "gauge"
      ]
    },
    "approve_task": {
      "method": "POST",
      "path": "/api/approve/{task}",
      "provides": [],
      "invalidates": [
        "review",
        "task",
        "campaign_tasks",
        "effect",
        "content",
        "gauge"
      ]
    },
    "reject_task": {
      "method": "POST",
      "path": "/api/reject/{task}",
      "provides": [],
      "invalidates": [
        "review",
        "task",
        "campaign_tasks",
        "effect",
        "content",
        "gauge"
      ]
    },
    "list_personas": {
      "method": "GET",
      "path": "/api/v1/personas",
      "provides": [
        "persona"
      ],
      "invalidates": []
    },
    "create_persona": {
      "method": "POST",
      "path": "/api/v1/personas",
      "provides": [],
      "invalidates": [
        "persona",
        "agent",
        "gauge"
      ]
    },
    "lint_soul": {
      "method": "POST",
      "path": "/api/v1/personas/lint",
      "provides": [],
      "invalidates": []
    },
    "edit_soul_field": {
      "method": "POST",
      "path": "/api/v1/personas/edit-field",
      "provides": [],
      "invalidates": []
    },
    "get_persona": {
      "method": "GET",
      "path": "/api/v1/personas/{agent}",
      "provides": [
        "persona:{agent}"
      ],
      "invalidates": []
    },
    "save_persona": {
      "method": "PUT",
      "path": "/api/v1/personas/{agent}",
      "provides": [],
      "invalidates": [
        "persona:{agent}",
        "agent:{agent}",
        "campaign"
      ]
    },
    "list_persona_versions": {
      "method": "GET",
      "path": "/api/v1/personas/{agent}/versions",
      "provides": [
        "persona:{agent}"
      ],
      "invalidates": []
    },
    "get_persona_version": {
      "method": "GET",
      "path": "/api/v1/personas/{agent}/versions/{number}",
      "provides": [
        "persona:{agent}"
      ],
      "invalidates": []
    },
    "diff_persona": {
      "method": "GET",
      "path": "/api/v1/personas/{agent}/diff",
      "provides": [
        "persona:{agent}"
      ],
      "invalidates": []
    },
    "list_memories": {
      "method": "GET",
      "path": "/api/v1/personas/{agent}/memories",
      "provides": [
        "memory:{agent}"
      ],
      "invalidates": []
    },
    "search_memories": {
      "method": "GET",
      "path": "/api/v1/personas/{agent}/memories/search",
      "provides": [
        "memory:{agent}"
      ],
      "invalidates": []
    },
    "forget_memory": {
      "method": "POST",
      "path": "/api/v1/personas/{agent}/memories/{memory}/forget",
      "provides": [],
      "invalidates": [
        "memory:{agent}",
        "audit"
      ]
    },
    "list_content": {
      "method": "GET",
      "path": "/api/v1/content",
      "provides": [
        "content"
      ],
      "invalidates": []
    },
    "list_publications": {
      "method": "GET",
      "path": "/api/v1/publications",
      "provides": [
        "content"
      ],
      "invalidates": []
    },
    "list_trends": {
      "method": "GET",
      "path": "/api/v1/trends",
      "provides": [
        "trend"
      ],
      "invalidates": []
    },
    "get_sandbox_feed": {
      "method": "GET",
      "path": "/api/v1/sandbox/feed",
      "provides": [
        "network"
      ],
      "invalidates": []
    },
    "get_sandbox_post": {
      "method": "GET",
      "path": "/api/v1/sandbox/posts/{post}",
      "provides": [
        "network:{post}"
      ],
      "invalidates": []
    },
    "list_traces": {
      "method": "GET",
      "path": "/api/v1/traces",
      "provides": [
        "trace"
      ],
      "invalidates": []
    },
    "get_trace": {
      "method": "GET",
      "path": "/api/v1/traces/{trace}",
      "provides": [
        "trace:{trace}"
      ],
      "invalidates": []
    },
    "list_audit": {
      "method": "GET",
      "path": "/api/v1/audit",
      "provides": [
        "audit"
      ],
      "invalidates": []
    },
    "get_audit_chain": {
      "method": "GET",
      "path": "/api/v1/audit/chain",
      "provides": [
        "audit"
      ],
      "invalidates": []
    },
    "verify_audit_chain": {
      "method": "POST",
      "path": "/api/v1/audit/chain/verify",
      "provides": [],
      "invalidates": [
        "audit"
      ]
    },
    "export_audit": {
      "method": "GET",
      "path": "/api/v1/audit/export",
      "provides": [
        "audit"
      ],
      "invalidates": []
    },
    "list_alerts": {
      "method": "GET",
      "path": "/api/v1/alerts",
      "provides": [
        "alert"
      ],
      "invalidates": []
    },
    "acknowledge_alert": {
      "method": "POST",
      "path": "/api/v1/alerts/{alert}/acknowledge",
      "provides": [],
      "invalidates": [
        "alert:{alert}",
        "gauge"
      ]
    },
    "list_dead_letters": {
      "method": "GET",
      "path": "/api/v1/dead-letters",
      "provides": [
        "dead_letter"
      ],
      "invalidates": []
    },
    "replay_dead_letter": {
      "method": "POST",
      "path": "/api/v1/dead-letters/{task}/replay",
      "provides": [],
      "invalidates": [
        "dead_letter",
        "task:{task}",
        "campaign",
        "campaign_tasks",
        "review",
        "gauge",
        "audit"
      ]
    },
    "list_incidents": {
      "method": "GET",
      "path": "/api/v1/incidents",
      "provides": [
        "incident"
      ],
      "invalidates": []
    },
    "get_model": {
      "method": "GET",
      "path": "/api/v1/connections/model",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "put_model": {
      "method": "PUT",
      "path": "/api/v1/connections/model",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "test_model": {
      "method": "POST",
      "path": "/api/v1/connections/model/test",
      "provides": [],
      "invalidates": []
    },
    "get_keychain": {
      "method": "GET",
      "path": "/api/v1/connections/keychain",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "test_keychain": {
      "method": "POST",
      "path": "/api/v1/connections/keychain/test",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "store_key": {
      "method": "POST",
      "path": "/api/v1/connections/keys",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "remove_key": {
      "method": "DELETE",
      "path": "/api/v1/connections/keys/{key}",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "list_servers": {
      "method": "GET",
      "path": "/api/v1/connections/servers",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "test_server": {
      "method": "POST",
      "path": "/api/v1/connections/servers/{server}/test",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "get_memory_connection": {
      "method": "GET",
      "path": "/api/v1/connections/memory",
      "provides": [
        "connection",
        "memory"
      ],
      "invalidates": []
    },
    "test_memory": {
      "method": "POST",
      "path": "/api/v1/connections/memory/test",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "list_questions": {
      "method": "GET",
      "path": "/api/v1/connections/questions",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "answer_question": {
      "method": "POST",
      "path": "/api/v1/connections/questions/{question}",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "list_registered": {
      "method": "GET",
      "path": "/api/v1/connections/registry",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "register_server": {
      "method": "POST",
      "path": "/api/v1/connections/registry",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "import_servers": {
      "method": "POST",
      "path": "/api/v1/connections/registry/import",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "get_registered": {
      "method": "GET",
      "path": "/api/v1/connections/registry/{server}",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "get_server_offer": {
      "method": "GET",
      "path": "/api/v1/connections/registry/{server}/offer",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "read_server_resource": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/read",
      "provides": [],
      "invalidates": []
    },
    "follow_server_resource": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/follow",
      "provides": [],
      "invalidates": []
    },
    "get_server_prompt": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/prompt",
      "provides": [],
      "invalidates": []
    },
    "change_registered": {
      "method": "PUT",
      "path": "/api/v1/connections/registry/{server}",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "remove_registered": {
      "method": "DELETE",
      "path": "/api/v1/connections/registry/{server}",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "roll_back_server": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/rollback",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "trust_server": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/trust",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "pin_server": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/pin",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "authorize_server": {
      "method": "POST",
      "path": "/api/v1/connections/registry/{server}/authorization",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "unauthorize_server": {
      "method": "DELETE",
      "path": "/api/v1/connections/registry/{server}/authorization",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "class_tool": {
      "method": "PUT",
      "path": "/api/v1/connections/registry/{server}/classes",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "list_tools": {
      "method": "GET",
      "path": "/api/v1/connections/tools",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "list_feeds": {
      "method": "GET",
      "path": "/api/v1/connections/feeds",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "add_feed": {
      "method": "POST",
      "path": "/api/v1/connections/feeds",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "remove_feed": {
      "method": "DELETE",
      "path": "/api/v1/connections/feeds/{feed}",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "test_feed": {
      "method": "POST",
      "path": "/api/v1/connections/feeds/test",
      "provides": [],
      "invalidates": []
    },
    "get_prices": {
      "method": "GET",
      "path": "/api/v1/prices",
      "provides": [
        "connection"
      ],
      "invalidates": []
    },
    "put_prices": {
      "method": "PUT",
      "path": "/api/v1/prices",
      "provides": [],
      "invalidates": [
        "connection"
      ]
    },
    "get_policy": {
      "method": "GET",
      "path": "/api/v1/policy",
      "provides": [
        "policy"
      ],
      "invalidates": []
    },
    "put_policy": {
      "method": "PUT",
      "path": "/api/v1/policy",
      "provides": [],
      "invalidates": [
        "policy",
        "campaign",
        "review"
      ]
    }
  },
  "facts": {
    "campaign_changed": [
      "campaign:{campaign}",
      "plan:{campaign}",
      "campaign_tasks:{campaign}",
      "effect",
      "trace",
      "gauge",
      "audit"
    ],
    "task_changed": [
      "task:{task}",
      "dead_letter",
      "campaign:{campaign}",
      "campaign_tasks:{campaign}",
      "agent",
      "trace",
      "gauge",
      "audit",
      "trend",
      "memory"
    ],
    "review_changed": [
      "review:{review}",
      "memory",
      "trace",
      "gauge",
      "audit"
    ],
    "effect_changed": [
      "effect:{effect}",
      "dead_letter",
      "task:{task}",
      "content",
      "network",
      "memory",
      "trace",
      "gauge",
      "audit"
    ],
    "persona_changed": [
      "persona:{agent}",
      "agent:{agent}",
      "audit"
    ],
    "alert_raised": [
      "alert:{alert}",
      "incident",
      "connection",
      "status",
      "gauge"
    ],
    "settings_changed": [
      "agent",
      "status",
      "connection",
      "person",
      "session",
      "policy",
      "setting",
      "memory",
      "gauge",
      "audit"
    ]
  }
};
